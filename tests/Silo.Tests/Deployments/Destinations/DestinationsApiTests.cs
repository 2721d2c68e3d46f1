using System.Net;
using System.Text.Json;

using Npgsql;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Silo.Deployments.Destinations;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Deployments.Destinations;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

/// <summary>From the row to the receiver, on a control silo as it runs with a database of its own.</summary>
public sealed class DestinationsApiTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef";

    private readonly string _root = Directory.CreateTempSubdirectory("destinations-").FullName;
    private readonly Guid _camera = Guid.NewGuid();
    private ControlSilo _silo = null!;
    private WebhookReceiver _receiver = null!;

    private HttpClient Http => _silo.Administrator;

    public async Task InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _silo = new()
        {
            Settings = new Dictionary<string, string?>
            {
                ["Fleet:Destinations:Networks:0"] = "127.0.0.0/8",
                ["Fleet:Destinations:FileRoot"] = _root,
                ["Fleet:Destinations:PollInterval"] = "00:00:00.050",
                ["Fleet:Destinations:ShortestBackoff"] = "00:00:00.010",
                ["Fleet:Destinations:LongestBackoff"] = "00:00:00.200",
                ["Fleet:Destinations:CircuitOpen"] = "00:00:00.010",
                ["Fleet:Destinations:TryTimeout"] = "00:00:01",
                ["Fleet:Destinations:Lease"] = "00:00:02",
                ["Fleet:Destinations:SweepInterval"] = "00:00:00.200",
            },
        };
        await _silo.InitializeAsync();
        await ApproveAsync();
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _receiver.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Secret_is_in_no_answer_and_a_row_that_is_sent_back_keeps_it()
    {
        var id = await DeployAsync(Webhook());

        var shown = await (await Http.GetAsync(new Uri($"/api/admin/deployments/{id}", UriKind.Relative))).Content.ReadAsStringAsync();
        using var row = JsonDocument.Parse(shown);
        var destinations = row.RootElement.GetProperty("output_destinations");
        var answer = await Http.Put($"/api/admin/deployments/{id}/destinations", new { output_destinations = destinations });

        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(IDestinationSecrets.Mark, shown, StringComparison.Ordinal);
        Assert.True(destinations[0].GetProperty("secret_set").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(IDestinationSecrets.Mark, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var test = await (await Http.Post($"/api/admin/deployments/{id}/destinations/hook/test", new { })).Read<DestinationTest>();
        Assert.True(test.Delivered, test.Detail);
        Assert.Contains("\"test\":true", Assert.Single(_receiver.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destination_that_cannot_be_taken_is_a_problem_with_its_path()
    {
        var answer = await Http.Post("/api/admin/deployments", Deployment(await SiteAsync(), "production", Webhook() with { Url = "http://10.0.0.1" }));

        await answer.ReadProblem(HttpStatusCode.BadRequest, "output_destinations[0].url");
        await (await Http.Post($"/api/admin/deployments/{Guid.NewGuid()}/destinations/hook/test", new { })).ReadProblem(HttpStatusCode.NotFound, null);
    }

    [Fact]
    public async Task Detections_arrive_in_the_order_of_their_camera_though_the_receiver_fails_and_is_slow()
    {
        var tries = 0;
        _receiver.Answer = async context =>
        {
            switch (Interlocked.Increment(ref tries))
            {
                case 1:
                    context.Response.StatusCode = 503;
                    break;
                case 2:
                    context.Abort();
                    break;
                case 3:
                    await Task.Delay(TimeSpan.FromSeconds(3), context.RequestAborted);
                    break;
                case 5:
                    context.Response.StatusCode = 404;
                    break;
            }
        };
        var id = await DeployAsync(Webhook() with { BatchSize = 3, MaxDelaySeconds = 0 });

        var seen = await SeeAsync(id, 10, "hook");
        await UntilAsync(id, "hook", state => state.Delivered == 10);

        var state = await StateAsync(id, "hook");
        Assert.Equal((0, 0, 0, CircuitState.Closed), (state.Waiting, state.Dead, state.Failures, state.Circuit));
        var arrived = _receiver.Requests.SelectMany(DetectionsOf).ToArray();
        Assert.Equal(seen, arrived.Distinct());
        Assert.Single(_receiver.Requests.Take(4).Select(request => (string?)request.Headers["X-Fleet-Delivery"]).Distinct());
    }

    [Fact]
    public async Task What_the_receiver_refuses_becomes_a_dead_letter_that_can_be_sent_again()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        var id = await DeployAsync(Webhook() with { MaxDelaySeconds = 0 });

        await SeeAsync(id, 2, "hook");
        await UntilAsync(id, "hook", state => state.DeadLetters == 2);

        // One message, tried three times, or one for each frame where the dispatcher was faster.
        Assert.InRange(_receiver.Requests.Count, 3, 6);
        var letters = await (await Http.Get($"/api/admin/deployments/{id}/destinations/hook/dead-letters?limit=1")).Read<Page<DeadLetter>>();
        Assert.Equal("The receiver answered 410.", Assert.Single(letters.Items).Reason);
        var rest = await (await Http.Get($"/api/admin/deployments/{id}/destinations/hook/dead-letters?cursor={letters.NextCursor}")).Read<Page<DeadLetter>>();
        _receiver.Answer = _ => Task.CompletedTask;
        var address = $"/api/admin/deployments/{id}/destinations/hook/dead-letters";
        var retry = await Http.PostAsync(new Uri($"{address}/{letters.Items[0].Id}/retry", UriKind.Relative), null);
        var delete = await Http.DeleteAsync(new Uri($"{address}/{rest.Items[0].Id}", UriKind.Relative));
        var again = await Http.DeleteAsync(new Uri($"{address}/{rest.Items[0].Id}", UriKind.Relative));
        await UntilAsync(id, "hook", state => state.Delivered == 1);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (retry.StatusCode, delete.StatusCode, again.StatusCode));
        var state = await StateAsync(id, "hook");
        Assert.Equal((0, 0, 1), (state.DeadLetters, state.Waiting, state.Discarded));
    }

    [Fact]
    public async Task One_dead_destination_stops_no_other_and_a_removed_one_gives_its_frames_up()
    {
        await using var dead = await WebhookReceiver.StartAsync();
        dead.Answer = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        };
        var file = new FileDestination { Name = "disk", Directory = "north", MaxDelaySeconds = 0 };
        var id = await DeployAsync(Webhook() with { Name = "dead", Url = dead.Url, MaxDelaySeconds = 0 }, file);

        var seen = await SeeAsync(id, 5, "dead", "disk");
        await UntilAsync(id, "disk", state => state.Delivered == 5);
        await UntilAsync(id, "dead", state => state.Failures > 0);

        var lines = Directory.GetFiles(Path.Combine(_root, "north")).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines);
        Assert.Equal(seen, lines.SelectMany(line => DetectionsOf(JsonDocument.Parse(line).RootElement)));
        var state = await StateAsync(id, "dead");
        Assert.Equal((5, 0, "The receiver answered 503."), (state.Waiting, state.Dead, state.Error));
        await Http.Put($"/api/admin/deployments/{id}/destinations", new { output_destinations = new object[] { new { kind = "file", name = "disk", directory = "north" } } });
        await UntilAsync(id, "dead", removed => removed is { IsRemoved: true, Waiting: 0, DeadLetters: 5 });
    }

    [Fact]
    public async Task Nothing_of_a_trial_leaves_whatever_was_put_into_its_queue()
    {
        var id = await DeployAsync("testing", Webhook() with { MaxDelaySeconds = 0 });

        await SeeAsync(id, 2, "hook");
        await UntilAsync(id, "hook", state => state.DeadLetters == 2);

        Assert.Empty(_receiver.Requests);
    }

    private static IEnumerable<Guid> DetectionsOf(Received request) =>
        JsonDocument.Parse(request.Body).RootElement.GetProperty("frames").EnumerateArray().SelectMany(DetectionsOf);

    private static IEnumerable<Guid> DetectionsOf(JsonElement frame) =>
        frame.GetProperty("detections").EnumerateArray().Select(detection => detection.GetProperty("id").GetGuid());

    private WebhookDestination Webhook() => new() { Name = "hook", Url = _receiver.Url, Secret = Secret };

    private Task<Guid> SiteAsync() => _silo.CreateSiteAsync("North");

    private object Deployment(Guid site, string type, params OutputDestination[] destinations) => new
    {
        site_id = site,
        model_id = _silo.Model,
        deployment_name = "Helmets",
        deployment_type = type,
        output_destinations = DestinationJson.Write(destinations),
    };

    private Task<Guid> DeployAsync(params OutputDestination[] destinations) => DeployAsync("production", destinations);

    private async Task<Guid> DeployAsync(string type, params OutputDestination[] destinations) =>
        await _silo.CreateAsync("/api/admin/deployments", Deployment(await SiteAsync(), type, destinations));

    // As a worker stores what a camera sees, a second after the other.
    private async Task<Guid[]> SeeAsync(Guid deployment, int frames, params string[] destinations)
    {
        Detection[] seen = [.. Enumerable.Range(0, frames).Select(second => Deliveries.Detection(_camera, second) with { DeploymentId = deployment })];
        var sql = new FrameBatchSql(_silo.Get<NpgsqlDataSource>(), TimeSpan.FromSeconds(10));
        await sql.StoreAsync(
            [new(seen, []) { Outgoing = [.. destinations.SelectMany(name => seen.Select(one => new OutgoingDetection(one.Id, name)))] }],
            CancellationToken.None);
        return [.. seen.Select(detection => detection.Id)];
    }

    private async Task<DestinationState> StateAsync(Guid deployment, string name) =>
        (await (await Http.Get($"/api/admin/deployments/{deployment}/destinations")).Read<DestinationState[]>()).Single(state => state.Name == name);

    private async Task UntilAsync(Guid deployment, string name, Func<DestinationState, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        DestinationState state;
        while (!isSo(state = await StateAsync(deployment, name)))
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"It is {state}");
            }

            await Task.Delay(50);
        }
    }

    // What is deployed in earnest has an approved version.
    private async Task ApproveAsync()
    {
        await using var command = _silo.Get<NpgsqlDataSource>().CreateCommand(
            "UPDATE ai_models SET approval_status = 'approved', status = 'approved' WHERE id = $1");
        command.Parameters.Add(new() { Value = _silo.Model });
        await command.ExecuteNonQueryAsync();
    }
}
