using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Deployments.Destinations;

public sealed class DeploymentDestinationsTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef";
    private static readonly JsonText Webhook = new($$"""[{"kind":"webhook","name":"a","url":"https://a.example","secret":"{{Secret}}"}]""");

    private readonly AiModel _model = Rows.Model();
    private readonly Site _site = Rows.Site();
    private ControlCluster _cluster = null!;
    private Deployment _asked = null!;

    private IDeploymentGrain Grain => _cluster.Grains.GetGrain<IDeploymentGrain>(_asked.Id);

    public async Task InitializeAsync()
    {
        _cluster = await ControlCluster.StartAsync(workers: 1);
        var camera = Rows.Camera(_site.Id);
        _asked = Rows.Deployment(_model.Id, _site.Id, camera.Id) with { OutputDestinations = Webhook };
        await _cluster.Grains.Release(_model);
        await _cluster.Grains.GetGrain<ISiteGrain>(_site.Id).Create(_site);
        await _cluster.Grains.GetGrain<ICameraGrain>(camera.Id).Create(camera);
        await Grain.Deploy(_asked);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Secret_is_stored_encrypted_and_the_same_deployment_asked_again_is_the_same()
    {
        var stored = (await Grain.Get())!.OutputDestinations!.Value.Value;

        Assert.DoesNotContain(Secret, stored, StringComparison.Ordinal);
        Assert.Contains(IDestinationSecrets.Mark, stored, StringComparison.Ordinal);
        Assert.Equal(DeploymentStatus.Active, (await Grain.Deploy(_asked)).DeploymentStatus);
        var other = _asked with { OutputDestinations = new(Webhook.Value.Replace("abcdef", "fedcba", StringComparison.Ordinal)) };
        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.Deploy(other))).Kind);
    }

    [Fact]
    public async Task Destinations_given_without_a_secret_keep_it_and_the_same_again_writes_nothing()
    {
        JsonText moved = new("""[{"kind":"webhook","name":"a","url":"https://a.example/in"}]""");

        var changed = await Grain.SetDestinations(moved);
        var writes = _cluster.Store.Writes;
        await Grain.SetDestinations(moved);

        var webhook = Assert.IsType<WebhookDestination>(Assert.Single(DestinationJson.Read(changed.OutputDestinations)));
        Assert.Equal("https://a.example/in", webhook.Url);
        Assert.Equal($"{IDestinationSecrets.Mark}{_site.Id} {new([.. Secret.Reverse()])}", webhook.Secret);
        Assert.Equal(writes, _cluster.Store.Writes);
        Assert.Null((await Grain.SetDestinations(null)).OutputDestinations);
    }

    [Fact]
    public async Task Destination_that_cannot_be_taken_changes_nothing()
    {
        var refused = await Assert.ThrowsAsync<FleetRefusedException>(
            () => Grain.SetDestinations(new("""[{"kind":"webhook","name":"a","url":"http://127.0.0.1"}]""")));

        Assert.Equal("output_destinations[0].url", refused.Field);
        Assert.Contains("a.example", (await Grain.Get())!.OutputDestinations!.Value.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"kind":"webhook","name":"a","url":"http://127.0.0.1","secret":"0123456789abcdef","classes":["enc:x"]}]""", "output_destinations[0].url")]
    [InlineData("""[{"kind":"file","name":"enc:x","directory":"../../etc"}]""", "output_destinations[0].name")]
    [InlineData("""[{"kind":"webhook","name":"a","url":"https://a.example","secret":"enc:0123456789abcdef"}]""", "output_destinations")]
    public async Task What_looks_as_if_it_had_been_checked_is_checked(string destinations, string field)
    {
        var forged = _asked with { Id = Guid.NewGuid(), OutputDestinations = new(destinations) };

        var refused = await Assert.ThrowsAsync<FleetRefusedException>(() => _cluster.Grains.GetGrain<IDeploymentGrain>(forged.Id).Deploy(forged));
        Assert.Equal(field, refused.Field);
        Assert.Equal(field, (await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.SetDestinations(new(destinations)))).Field);
    }

    [Fact]
    public async Task Deployment_that_was_terminated_gets_no_destinations()
    {
        await Grain.Terminate();

        Assert.Equal(RefusalKind.Conflict, (await Assert.ThrowsAsync<FleetRefusedException>(() => Grain.SetDestinations(null))).Kind);
    }

    [Fact]
    public async Task Candidate_of_a_rollout_sends_to_the_same_places_with_the_same_secrets()
    {
        var stable = (await Grain.Get())!;
        var candidate = RolloutPolicy.Candidate(new() { Id = Guid.NewGuid() }, stable, _model);

        await _cluster.Grains.GetGrain<IDeploymentGrain>(candidate.Id).Deploy(candidate);

        var row = (await _cluster.Grains.GetGrain<IDeploymentGrain>(candidate.Id).Get())!;
        Assert.Equal(stable.OutputDestinations, row.OutputDestinations);
    }
}
