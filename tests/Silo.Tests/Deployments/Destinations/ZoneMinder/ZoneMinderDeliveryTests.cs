using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;
using OrleansAiFleet.Silo.Deployments.Destinations;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations.ZoneMinder;

/// <summary>From what a worker stores to the Notes of an event.</summary>
public sealed class ZoneMinderDeliveryTests : IAsyncLifetime
{
    private readonly Guid _gate = Guid.NewGuid();
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private DeliveringSilo _silo = null!;
    private CapturedZoneMinder _zm = null!;

    public async Task InitializeAsync()
    {
        _zm = await CapturedZoneMinder.StartAsync(asksForLogin: true, timeZone: "Asia/Tokyo");
        _silo = await DeliveringSilo.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _zm.DisposeAsync();
    }

    [Fact]
    public async Task Each_frame_goes_its_own_way_and_waiting_is_no_failure()
    {
        _zm.Events[1] = new(1, Local(-600), Local(-500), "Motion: All");
        _zm.Events[2] = new(1, Local(-500), null, "Motion: All");
        _zm.Events[3] = new(1, Local(-60), null, "Motion: All");
        var id = await _silo.DeployAsync(ZoneMinder());

        await _silo.SeeAsync([Seen(id, -5000), Seen(id, -550), Seen(id, -450), Seen(id, -30)], "zm");
        var state = await _silo.UntilAsync(id, "zm", state => state is { Delivered: 1, Waiting: 1, Error: not null });

        Assert.Equal((1, 1, 1, 0, CircuitState.Closed), (state.Discarded, state.Dead, state.DeadLetters, state.Failures, state.Circuit));
        Assert.Equal("Event 3 of monitor 1 goes on: its Notes are written when it has ended.", state.Error);
        Assert.NotNull(state.NextTryAt);
        Assert.Equal("[a] detected:person:75% Motion: All", _zm.Events[1].Notes);
        var letters = await (await _silo.Http.Get($"/api/admin/deployments/{id}/destinations/zm/dead-letters")).Read<Page<DeadLetter>>();
        Assert.Equal("Event 2 of monitor 1 was still open 300 s after the frame.", Assert.Single(letters.Items).Reason);

        // A destination that is given anew is tried at once.
        _zm.Events[3] = _zm.Events[3] with { End = Local(-1) };
        await _silo.Http.Put(
            $"/api/admin/deployments/{id}/destinations", new { output_destinations = DestinationJson.Write([ZoneMinder() with { BatchSize = 50 }]) });
        await _silo.UntilAsync(id, "zm", state => state is { Delivered: 2, Waiting: 0 });
        Assert.Equal("[a] detected:person:75% Motion: All", _zm.Events[3].Notes);
    }

    [Fact]
    public async Task Test_message_is_answered_in_words_and_the_password_in_none()
    {
        var id = await _silo.DeployAsync(ZoneMinder());

        var test = await (await _silo.Http.Post($"/api/admin/deployments/{id}/destinations/zm/test", new { })).Read<DestinationTest>();
        var row = await (await _silo.Http.GetAsync(new Uri($"/api/admin/deployments/{id}", UriKind.Relative))).Content.ReadAsStringAsync();

        Assert.True(test.Delivered, test.Detail);
        Assert.StartsWith("ZoneMinder 1.36.33 lets the fleet in", test.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(CapturedZoneMinder.Password, row, StringComparison.Ordinal);
        Assert.Contains($"\"{_gate}\":1", row.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private ZoneMinderDestination ZoneMinder() => new()
    {
        Name = "zm",
        Url = _zm.Url,
        User = CapturedZoneMinder.User,
        Password = CapturedZoneMinder.Password,
        Monitors = new Dictionary<Guid, int> { [_gate] = 1 },
        LongestEventSeconds = 300,
        MaxDelaySeconds = 0,
    };

    private Detection Seen(Guid deployment, int second) =>
        Deliveries.Detection(_gate) with { DeploymentId = deployment, ClassName = "person", FrameTime = _now.AddSeconds(second) };

    private string Local(int second) => ZoneMinderClock.Write(_now.UtcDateTime.AddHours(9).AddSeconds(second));
}
