using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations.ZoneMinder;

/// <summary>What becomes of frames. <see cref="Deliveries.Noon"/> is 13:00 in Berlin.</summary>
public sealed class ZoneMinderSenderTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _time = new(Deliveries.Noon + TimeSpan.FromMinutes(10));
    private readonly Guid _gate = Guid.NewGuid();
    private readonly Guid _yard = Guid.NewGuid();
    private ZoneMinderSender _sender = null!;
    private CapturedZoneMinder _zm = null!;

    public async Task InitializeAsync()
    {
        _zm = await CapturedZoneMinder.StartAsync(asksForLogin: true, timeZone: "Europe/Berlin");
        _zm.Events[7] = new(1, "2026-03-04 12:59:50", "2026-03-04 13:00:05", "Motion: All");
        _zm.Events[8] = new(1, "2026-03-04 13:00:06", "2026-03-04 13:00:20", "");
        _zm.Events[9] = new(2, "2026-03-04 12:59:50", null, "Motion: All");
        _sender = new(Deliveries.Loopback, TimeSpan.FromMinutes(1), _time);
    }

    public async Task DisposeAsync() => await _zm.DisposeAsync();

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task What_was_found_stands_in_the_Notes_of_the_events_that_the_frames_fall_into_and_twice_sent_once()
    {
        var delivery = Deliveries.Of(
            Seen(_gate, 1, "person", 0.6f), Seen(_gate, 2, "car", 0.81f), Seen(_gate, 3, "person", 0.97f), Seen(_gate, 10, "car", 0.5f));

        var result = await SendAsync(delivery);
        var again = await SendAsync(delivery);

        Assert.Equal((SendOutcome.Delivered, SendOutcome.Delivered), (result.Outcome, again.Outcome));
        Assert.Equal("[a] detected:person:97% car:81% Motion: All", _zm.Events[7].Notes);
        Assert.Equal("[a] detected:car:50% ", _zm.Events[8].Notes);
        Assert.Equal(2, _zm.Writes.Count());
        Assert.Equal(1, _zm.Logins);
    }

    [Fact]
    public async Task Frames_wait_while_their_event_goes_on_and_keep_nobody_else_waiting()
    {
        var delivery = Deliveries.Of(Seen(_yard, 1), Seen(_gate, 1));

        var first = await SendAsync(delivery);

        Assert.Equal((SendOutcome.Sorted, ZoneMinderSender.Pause), (first.Outcome, first.RetryAfter));
        Assert.Equal([FateKind.Waits, FateKind.Delivered], first.Fates.Select(fate => fate.Kind));
        Assert.Equal("Motion: All", _zm.Events[9].Notes);
        _zm.Events[9] = _zm.Events[9] with { End = "2026-03-04 13:09:00" };
        Assert.Equal(SendOutcome.Delivered, (await SendAsync(delivery)).Outcome);
        Assert.Equal("[a] detected:person:75% Motion: All", _zm.Events[9].Notes);
    }

    [Fact]
    public async Task Frame_whose_event_never_ends_is_given_up_and_one_without_an_event_or_a_monitor_is_pointless()
    {
        _time.SetUtcNow(Deliveries.Noon + TimeSpan.FromMinutes(61));

        var result = await SendAsync(Deliveries.Of(Seen(_yard, 1), Seen(_gate, 30), Seen(Guid.NewGuid(), 1)));

        Assert.Equal([FateKind.Dead, FateKind.Pointless, FateKind.Pointless], result.Fates.Select(fate => fate.Kind));
        Assert.Equal("Event 9 of monitor 2 was still open 3600 s after the frame.", result.Fates[0].Words);
    }

    [Fact]
    public async Task Event_that_is_deleted_between_is_pointless_and_one_that_is_not_saved_dead()
    {
        _zm.Before = context =>
        {
            if (context.Request.Path.Value!.EndsWith("/events/7.json", StringComparison.Ordinal))
            {
                _zm.Events.TryRemove(7, out _);
            }

            return context.Request.Method == "POST" && context.Request.Path.Value.EndsWith("/events/8.json", StringComparison.Ordinal)
                ? AnswerAsync(context, """{"message":"Error"}""")
                : Task.FromResult(false);
        };

        var result = await SendAsync(Deliveries.Of(Seen(_gate, 1), Seen(_gate, 10)));

        Assert.Equal(["Event 7 was deleted.", "ZoneMinder would not save the Notes of event 8."], result.Fates.Select(fate => fate.Words));
        Assert.Equal([FateKind.Pointless, FateKind.Dead], result.Fates.Select(fate => fate.Kind));
    }

    [Fact]
    public async Task What_somebody_else_writes_at_the_same_time_is_kept_and_what_is_undone_is_written_again()
    {
        var writes = 0;
        _zm.Before = context =>
        {
            var isRead = context.Request.Method == "GET" && context.Request.Path.Value!.EndsWith("/events/7.json", StringComparison.Ordinal);
            if (isRead && _zm.Writes.Count() == 1 && writes++ == 0)
            {
                _zm.Events[7] = _zm.Events[7] with { Notes = "[a] detected:dog:50% Motion: All" };
            }

            return Task.FromResult(false);
        };

        var result = await SendAsync(Deliveries.Of(Seen(_gate, 1)));

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Equal("[a] detected:person:75% dog:50% Motion: All", _zm.Events[7].Notes);
    }

    [Fact]
    public async Task What_is_always_undone_waits_and_is_not_written_for_ever()
    {
        _zm.Before = context =>
        {
            if (context.Request.Method == "GET" && _zm.Events.TryGetValue(7, out var one))
            {
                _zm.Events[7] = one with { Notes = "Motion: All" };
            }

            return Task.FromResult(false);
        };

        var result = await SendAsync(Deliveries.Of(Seen(_gate, 1)));

        Assert.Equal(FateKind.Waits, Assert.Single(result.Fates).Kind);
        Assert.Equal(3, _zm.Writes.Count());
    }

    [Fact]
    public async Task Writers_of_one_event_do_not_undo_each_other()
    {
        string[] classes = [.. Enumerable.Range(0, 12).Select(i => $"class{i}")];

        var results = await Task.WhenAll(classes.Select(name => SendAsync(Deliveries.Of(Seen(_gate, 1, name)))));

        Assert.All(results, result => Assert.Equal(SendOutcome.Delivered, result.Outcome));
        Assert.All(classes, name => Assert.Contains($"{name}:75%", _zm.Events[7].Notes, StringComparison.Ordinal));
        Assert.Equal((12, 1), (_zm.Writes.Count(), _zm.Logins));
    }

    [Fact]
    public async Task More_events_than_one_answer_has_are_asked_for_page_after_page()
    {
        for (var i = 0; i < 130; i++)
        {
            var start = new DateTime(2026, 3, 4, 13, 1, 0, DateTimeKind.Unspecified).AddSeconds(i * 2);
            _zm.Events[100 + i] = new(1, ZoneMinderClock.Write(start), ZoneMinderClock.Write(start.AddSeconds(1)), "");
        }

        var delivery = Deliveries.Of([.. Enumerable.Range(0, 130).Select(i => Seen(_gate, 60 + (i * 2))), Seen(_gate, 1)]);

        Assert.Equal(SendOutcome.Delivered, (await SendAsync(delivery)).Outcome);
        Assert.All(Enumerable.Range(100, 130), id => Assert.Equal("[a] detected:person:75% ", _zm.Events[id].Notes));
        Assert.StartsWith("[a]", _zm.Events[7].Notes, StringComparison.Ordinal);
        Assert.InRange(_zm.Requests.Count(request => request.Path.Contains("/events/index/", StringComparison.Ordinal)), 3, 4);
    }

    [Fact]
    public async Task Where_time_is_short_what_is_done_is_told_and_the_rest_goes_on_at_once()
    {
        using var hasty = new ZoneMinderSender(Deliveries.Loopback, TimeSpan.Zero, TimeProvider.System);
        var delivery = Deliveries.Of(Seen(_gate, 1), Seen(_gate, 10));

        var first = await hasty.SendAsync(To(), delivery, default);
        var rest = delivery with { Frames = [.. delivery.Frames.Where((_, i) => first.Fates[i].Kind == FateKind.Waits)] };
        var second = await hasty.SendAsync(To(), rest, default);

        Assert.Equal((SendOutcome.Sorted, TimeSpan.Zero), (first.Outcome, first.RetryAfter));
        Assert.Equal([FateKind.Delivered, FateKind.Waits], first.Fates.Select(fate => fate.Kind).Order());
        Assert.Equal(SendOutcome.Delivered, second.Outcome);
    }

    private static Detection Seen(Guid camera, int second, string name = "person", float confidence = 0.75f) =>
        Deliveries.Detection(camera, second) with { ClassName = name, Confidence = confidence };

    private static async Task<bool> AnswerAsync(HttpContext context, string json)
    {
        await context.Response.WriteAsync(json);
        return true;
    }

    private ZoneMinderDestination To() => new()
    {
        Name = "control-room",
        Url = _zm.Url,
        User = CapturedZoneMinder.User,
        Password = CapturedZoneMinder.Password,
        Monitors = new Dictionary<Guid, int> { [_gate] = 1, [_yard] = 2 },
    };

    private Task<SendResult> SendAsync(Delivery delivery) => _sender.SendAsync(To(), delivery, default);
}
