using System.Net;

using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>A login that is good for a while.</summary>
/// <param name="Token">Null where ZoneMinder asks for none.</param>
/// <param name="Clock">ZoneMinder's.</param>
/// <param name="EndsAt">Then it is renewed.</param>
internal sealed record ZoneMinderSession(string? Token, ZoneMinderClock Clock, DateTimeOffset EndsAt)
{
    // A record prints its members: the token must not be among them.
    public override string ToString() => $"{nameof(ZoneMinderSession)} until {EndsAt:O}";
}

/// <summary>Logins, one for all destinations that name the same server, user and password; one at a time for each.</summary>
internal sealed class ZoneMinderSessions(ZoneMinderHttp http, TimeProvider time)
{
    // Where there is no login, its time zone is asked for anew after this.
    private static readonly TimeSpan WithoutLogin = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan IdleFor = TimeSpan.FromHours(1);

    private readonly Dictionary<Key, Entry> _entries = [];
    private readonly Lock _lock = new();

    /// <summary>A valid session.</summary>
    /// <param name="server">Where to, the password open.</param>
    /// <param name="stale">A session that ZoneMinder does not take any more; null: none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ZoneMinderException">ZoneMinder is away, or does not let this user in.</exception>
    public async Task<ZoneMinderSession> GetAsync(ZoneMinderDestination server, ZoneMinderSession? stale, CancellationToken cancellationToken)
    {
        var entry = Find(new(server.Url, server.User, server.Password, server.TimeZone));
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited here may have been told of a session that somebody renewed meanwhile.
            if (entry.Session is not { } session || ReferenceEquals(session, stale) || session.EndsAt <= time.GetUtcNow())
            {
                entry.Session = null;
                entry.Session = await OpenAsync(server, cancellationToken);
            }

            return entry.Session;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>Forgets what nobody used for a while.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            foreach (var (key, _) in _entries.Where(pair => time.GetElapsedTime(pair.Value.UsedAt) > IdleFor).ToArray())
            {
                _entries.Remove(key);
            }
        }
    }

    private Entry Find(Key key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                entry = _entries[key] = new();
            }

            entry.UsedAt = time.GetTimestamp();
            return entry;
        }
    }

    private async Task<ZoneMinderSession> OpenAsync(ZoneMinderDestination server, CancellationToken cancellationToken)
    {
        var (token, valid) = server is { User: { } user, Password: { } password }
            ? await LogInAsync(server.Url, user, password, cancellationToken)
            : (null, WithoutLogin);

        // What is under way when it ends must still be let in.
        var endsAt = time.GetUtcNow() + (valid * 0.9);
        return new(token, await ReadClockAsync(server, token, cancellationToken), endsAt);
    }

    private async Task<(string? Token, TimeSpan Valid)> LogInAsync(string url, string user, string password, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync<LoginAnswer>(
            HttpMethod.Post, $"{url}/api/host/login.json", [new("user", user), new("pass", password)], cancellationToken);
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => throw ZoneMinderException.Refused(
                "login", $"ZoneMinder does not let {user} in: wrong user or password, or the API is not enabled for the user."),
            HttpStatusCode.NotFound => throw ZoneMinderException.Refused("no_api", $"There is no API of ZoneMinder at {url}/api."),
            _ => answer.Value is { AccessToken: { Length: > 0 } token } login
                ? (token, TimeSpan.FromSeconds(Math.Clamp(login.AccessTokenExpires ?? 0, 60, 86_400)))
                : (null, WithoutLogin),
        };
    }

    private async Task<ZoneMinderClock> ReadClockAsync(ZoneMinderDestination server, string? token, CancellationToken cancellationToken)
    {
        if (server.TimeZone is { } given)
        {
            return ClockOf(given);
        }

        var query = token is null ? "" : $"?token={Uri.EscapeDataString(token)}";
        var answer = await http.SendAsync<ZoneAnswer>(HttpMethod.Get, $"{server.Url}/api/host/getTimeZone.json{query}", null, cancellationToken);
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized => throw ZoneMinderException.Refused(
                "login",
                token is null ? "ZoneMinder asks for a login: give the destination user and password." : "ZoneMinder does not take its own login."),
            HttpStatusCode.NotFound => throw ZoneMinderException.Refused("no_api", $"There is no API of ZoneMinder at {server.Url}/api."),
            _ => ClockOf(answer.Value?.Zone ?? ""),
        };
    }

    private static ZoneMinderClock ClockOf(string zone) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known)
        ? new(known)
        : throw ZoneMinderException.Refused("time_zone", "ZoneMinder names a time zone that is not known here: give the destination a time_zone.");

    private sealed record Key(string Url, string? User, string? Password, string? TimeZone);

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public ZoneMinderSession? Session { get; set; }

        public long UsedAt { get; set; }
    }
}
