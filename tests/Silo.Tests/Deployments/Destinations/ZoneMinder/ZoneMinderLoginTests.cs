using System.Net;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations.ZoneMinder;

/// <summary>Logins, test messages, and answers that are none.</summary>
public sealed class ZoneMinderLoginTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly Guid _gate = Guid.NewGuid();
    private readonly Delivery _delivery;
    private ZoneMinderSender _sender = null!;
    private CapturedZoneMinder _zm = null!;

    public ZoneMinderLoginTests()
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow());
        _delivery = Deliveries.Of(Deliveries.Detection(_gate) with { FrameTime = _time.GetUtcNow() - TimeSpan.FromMinutes(5) });
    }

    public async Task InitializeAsync()
    {
        _zm = await CapturedZoneMinder.StartAsync(asksForLogin: true, tokenSeconds: 1000);
        _sender = new(Deliveries.Loopback, TimeSpan.FromMinutes(1), _time);
    }

    public async Task DisposeAsync() => await _zm.DisposeAsync();

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task Many_at_once_log_in_once_and_anew_before_the_token_ends()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync()));
        Assert.Equal(1, _zm.Logins);

        _time.Advance(TimeSpan.FromSeconds(899));
        await SendAsync();
        Assert.Equal(1, _zm.Logins);
        _time.Advance(TimeSpan.FromSeconds(2));
        await SendAsync();

        Assert.Equal(2, _zm.Logins);
        Assert.All(
            _zm.Requests.Where(request => request.Path.EndsWith("login.json", StringComparison.Ordinal)),
            login => Assert.Equal(("POST", ""), (login.Method, login.Query)));
    }

    [Fact]
    public async Task Token_that_is_not_taken_any_more_is_renewed_once()
    {
        await SendAsync();
        _zm.Token = null;

        Assert.Equal(SendOutcome.Sorted, (await SendAsync()).Outcome);
        Assert.Equal(2, _zm.Logins);
    }

    [Fact]
    public async Task User_that_may_log_in_and_not_do_it_is_a_refusal_and_not_a_login_after_the_other()
    {
        await SendAsync();
        _zm.Before = context =>
            context.Request.Path.Value!.Contains("/events/", StringComparison.Ordinal) ? AnswerAsync(context, 401, "{}") : Task.FromResult(false);

        Assert.Equal((SendOutcome.Refused, "rights"), Short(await SendAsync()));
        Assert.Equal(2, _zm.Logins);
    }

    [Fact]
    public async Task Wrong_password_and_none_are_refusals_without_a_secret_in_their_words()
    {
        var wrong = await _sender.SendAsync(To() with { Password = "guessed-it" }, _delivery, default);
        var none = await _sender.SendAsync(To() with { User = null, Password = null }, _delivery, default);

        Assert.Equal((SendOutcome.Refused, "login"), Short(wrong));
        Assert.Equal((SendOutcome.Refused, "login"), Short(none));
        Assert.DoesNotContain("guessed-it", wrong.Words, StringComparison.Ordinal);
        Assert.Contains("user and password", none.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ZoneMinder_without_authentication_is_asked_without_a_token_whether_a_user_is_given_or_not()
    {
        await using var open = await CapturedZoneMinder.StartAsync();
        var local = _delivery.Frames[0].FrameTime.UtcDateTime;
        open.Events[1] = new(1, ZoneMinderClock.Write(local.AddSeconds(-5)), ZoneMinderClock.Write(local.AddSeconds(5)), "Motion: All");

        var without = await _sender.SendAsync(To() with { Url = open.Url, User = null, Password = null }, _delivery, default);
        var with = await _sender.SendAsync(To() with { Url = open.Url }, _delivery, default);

        Assert.Equal((SendOutcome.Delivered, SendOutcome.Delivered), (without.Outcome, with.Outcome));
        Assert.StartsWith("[a] detected:", open.Events[1].Notes, StringComparison.Ordinal);
        Assert.All(open.Requests, request => Assert.DoesNotContain("token", request.Query + string.Join(' ', request.Form.Keys), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_is_in_the_form_where_there_is_one_and_in_no_result()
    {
        var local = _delivery.Frames[0].FrameTime.UtcDateTime;
        _zm.Events[1] = new(1, ZoneMinderClock.Write(local.AddSeconds(-5)), ZoneMinderClock.Write(local.AddSeconds(5)), "Motion: All");
        Assert.Equal(SendOutcome.Delivered, (await SendAsync()).Outcome);
        var write = Assert.Single(_zm.Writes);
        Assert.Equal(("", _zm.Token), (write.Query, write.Form["token"]));

        foreach (var status in new[] { 400, 403, 404, 429, 500, 503 })
        {
            _zm.Before = context => context.Request.Path.Value!.Contains("/events/", StringComparison.Ordinal)
                ? AnswerAsync(context, status, $$"""{"url":"?token={{_zm.Token}}"}""")
                : Task.FromResult(false);
            var result = await SendAsync();
            Assert.Equal(status is 429 or >= 500 ? SendOutcome.Unavailable : SendOutcome.Refused, result.Outcome);
            Assert.DoesNotContain("token", $"{result}", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(302, "", "status_302", SendOutcome.Refused)]
    [InlineData(204, "", "answer", SendOutcome.Refused)]
    [InlineData(200, "", "answer", SendOutcome.Unavailable)]
    [InlineData(200, "<html>", "answer", SendOutcome.Unavailable)]
    [InlineData(200, """{"events":null}""", "answer", SendOutcome.Unavailable)]
    [InlineData(200, """{"events":[{}]}""", "answer", SendOutcome.Unavailable)]
    public async Task Answer_that_is_none_of_ZoneMinders_is_told_in_words(int status, string body, string reason, SendOutcome outcome)
    {
        _zm.Before = context =>
        {
            context.Response.Headers.Location = "http://elsewhere.example/";
            return context.Request.Path.Value!.Contains("/events/", StringComparison.Ordinal) ? AnswerAsync(context, status, body) : Task.FromResult(false);
        };

        Assert.Equal((outcome, reason), Short(await SendAsync()));
    }

    [Fact]
    public async Task Answer_without_an_end_is_cut_off()
    {
        var piece = new byte[1 << 20];
        _zm.Before = async context =>
        {
            if (!context.Request.Path.Value!.Contains("/events/", StringComparison.Ordinal))
            {
                return false;
            }

            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }

            return true;
        };

        Assert.Equal((SendOutcome.Refused, "answer"), Short(await SendAsync()));
    }

    [Fact]
    public async Task Address_that_nobody_allowed_is_not_connected_to_and_a_server_that_is_away_may_have_it_later()
    {
        using var strict = new ZoneMinderSender([], TimeSpan.FromMinutes(1), _time, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));
        var named = To() with { Url = $"http://zm.example:{_zm.Port}/zm" };
        Assert.Equal((SendOutcome.Refused, "address"), Short(await strict.SendAsync(named, _delivery, default)));
        Assert.Empty(_zm.Requests);

        var to = To();
        await _zm.DisposeAsync();
        Assert.Equal((SendOutcome.Unavailable, "connection"), Short(await _sender.SendAsync(to, _delivery, default)));
    }

    [Fact]
    public async Task Time_zone_that_is_given_counts_and_one_that_nobody_knows_is_a_refusal()
    {
        await using var odd = await CapturedZoneMinder.StartAsync(timeZone: "Mars/Olympus");

        Assert.Equal((SendOutcome.Refused, "time_zone"), Short(await _sender.SendAsync(To() with { Url = odd.Url }, _delivery, default)));
        Assert.Equal(SendOutcome.Sorted, (await _sender.SendAsync(To() with { Url = odd.Url, TimeZone = "Asia/Tokyo" }, _delivery, default)).Outcome);
        var tokyo = ZoneMinderClock.Write(_delivery.Frames[0].FrameTime.UtcDateTime.AddHours(9));
        Assert.Contains(odd.Requests, request => request.Path.EndsWith($"{tokyo}.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Test_message_says_what_is_there_and_what_is_not_and_writes_nothing()
    {
        var test = _delivery with { IsTest = true };

        _zm.Now = _time.GetUtcNow();
        var good = await _sender.SendAsync(To(), test, default);
        var missing = await _sender.SendAsync(To(1, 2, 7, 9), test, default);
        _zm.Monitors[2] = "Monitor";
        _zm.Events[1] = new(1, ZoneMinderClock.Write(_time.GetUtcNow().UtcDateTime.AddHours(1)), null, "");
        _time.Advance(TimeSpan.FromSeconds(90));
        var odd = await _sender.SendAsync(To(1, 2), test, default);

        Assert.Equal((SendOutcome.Delivered, "ZoneMinder 1.36.33 lets the fleet in and has every monitor that is named."), (good.Outcome, good.Words));
        Assert.Equal((SendOutcome.Refused, "monitors"), Short(missing));
        Assert.Contains("no monitor 7, 9,", missing.Words, StringComparison.Ordinal);
        Assert.Equal(SendOutcome.Delivered, odd.Outcome);
        Assert.Contains("No events are recorded by monitor 2", odd.Words, StringComparison.Ordinal);
        Assert.Matches("Its clock is -9[01] s off", odd.Words);
        Assert.Contains("begins in the future of Etc/UTC", odd.Words, StringComparison.Ordinal);
        Assert.Empty(_zm.Writes);
    }

    private static (SendOutcome Outcome, string Reason) Short(SendResult result) => (result.Outcome, result.Reason);

    private static async Task<bool> AnswerAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            await context.Response.WriteAsync(body);
        }

        return true;
    }

    private ZoneMinderDestination To(params int[] monitors) => new()
    {
        Name = "control-room",
        Url = _zm.Url,
        User = CapturedZoneMinder.User,
        Password = CapturedZoneMinder.Password,
        Monitors = monitors.Length == 0 ? new Dictionary<Guid, int> { [_gate] = 1 } : monitors.ToDictionary(_ => Guid.NewGuid(), monitor => monitor),
    };

    private Task<SendResult> SendAsync() => _sender.SendAsync(To(), _delivery, default);
}
