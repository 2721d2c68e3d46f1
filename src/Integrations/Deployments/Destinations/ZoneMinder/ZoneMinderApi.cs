using System.Net;

using OrleansAiFleet.Deployments.Destinations;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>What the fleet asks of one ZoneMinder, logged in; a login that ended is renewed once.</summary>
internal sealed class ZoneMinderApi(ZoneMinderHttp http, ZoneMinderSessions sessions, ZoneMinderDestination server)
{
    /// <summary>Most events in an answer.</summary>
    public const int Page = 50;

    /// <summary>The server's clock by its last answer; null before there was one.</summary>
    public DateTimeOffset? Date { get; private set; }

    /// <exception cref="ZoneMinderException">ZoneMinder is away, or does not let this user in.</exception>
    public async Task<ZoneMinderClock> GetClockAsync(CancellationToken cancellationToken) =>
        (await sessions.GetAsync(server, null, cancellationToken)).Clock;

    public async Task<string?> GetVersionAsync(CancellationToken cancellationToken) =>
        (await GetAsync<VersionAnswer>("host/getVersion.json", "", cancellationToken))?.Version;

    /// <summary>Every monitor that this user may see.</summary>
    public async Task<IReadOnlyList<ZoneMinderMonitor>> ListMonitorsAsync(CancellationToken cancellationToken) =>
        [.. (await GetAsync<MonitorsAnswer>("monitors.json", "", cancellationToken) ?? throw NoApi()).Found.Select(member => member.Monitor)];

    /// <summary>Events of a monitor that began by a time of ZoneMinder's clock, the newest first, at most <see cref="Page"/>.</summary>
    public Task<IReadOnlyList<ZoneMinderEvent>> ListEventsAsync(int monitor, DateTime until, CancellationToken cancellationToken) =>
        ListAsync($"events/index/MonitorId:{monitor}/{Uri.EscapeDataString("StartDateTime <=")}:{Escaped(until)}.json", Page, cancellationToken);

    /// <summary>The event that began last; null where there is none.</summary>
    public async Task<ZoneMinderEvent?> FindNewestEventAsync(CancellationToken cancellationToken) =>
        await ListAsync("events.json", 1, cancellationToken) is [var newest, ..] ? newest : null;

    /// <summary>An event, or null where it was deleted.</summary>
    public async Task<ZoneMinderEvent?> FindEventAsync(long id, CancellationToken cancellationToken) =>
        (await GetAsync<EventAnswer>($"events/{id}.json", "noframes=true", cancellationToken))?.Found.Event;

    /// <summary>Writes the Notes of an event.</summary>
    /// <returns>What ZoneMinder says of it, which is <c>Saved</c> where it did; null where the event was deleted.</returns>
    public async Task<string?> WriteNotesAsync(long id, string notes, CancellationToken cancellationToken)
    {
        // The token stands in the form, where no log of a web server has it.
        var answer = await SendAsync<SavedAnswer>(
            token => (HttpMethod.Post, $"{server.Url}/api/events/{id}.json", [new("Event[Notes]", notes), .. TokenOf(token)]), cancellationToken);
        return answer is null ? null : answer.Message ?? "";
    }

    private static string Escaped(DateTime local) => ZoneMinderClock.Write(local).Replace(" ", "%20", StringComparison.Ordinal);

    private static KeyValuePair<string, string>[] TokenOf(string? token) => token is null ? [] : [new("token", token)];

    private static ZoneMinderException NoApi() => ZoneMinderException.Refused("no_api", "ZoneMinder answered 404: its API is not at this address.");

    private async Task<IReadOnlyList<ZoneMinderEvent>> ListAsync(string path, int most, CancellationToken cancellationToken)
    {
        var answer = await GetAsync<EventsAnswer>(path, $"sort=StartDateTime&direction=desc&limit={most}", cancellationToken) ?? throw NoApi();
        return [.. answer.Found.Select(member => member.Event)];
    }

    // 1.36 reads the token from the query or a form alone, not from a header.
    private Task<T?> GetAsync<T>(string path, string query, CancellationToken cancellationToken)
        where T : class =>
        SendAsync<T>(
            token =>
            {
                var asked = token is null ? query : $"{query}&token={Uri.EscapeDataString(token)}".TrimStart('&');
                return (HttpMethod.Get, $"{server.Url}/api/{path}{(asked.Length == 0 ? "" : "?" + asked)}", null);
            },
            cancellationToken);

    private async Task<T?> SendAsync<T>(
        Func<string?, (HttpMethod Method, string Address, KeyValuePair<string, string>[]? Fields)> request, CancellationToken cancellationToken)
        where T : class
    {
        var session = await sessions.GetAsync(server, null, cancellationToken);
        var answer = await SendAsync<T>(request(session.Token), cancellationToken);
        if (answer.Status is HttpStatusCode.Unauthorized)
        {
            session = await sessions.GetAsync(server, session, cancellationToken);
            answer = await SendAsync<T>(request(session.Token), cancellationToken);
        }

        return answer.Status is HttpStatusCode.Unauthorized
            ? throw ZoneMinderException.Refused(
                "rights", "ZoneMinder refuses what was asked right after the login: the user must see the monitors and edit events.")
            : answer.Value;
    }

    private async Task<ZoneMinderAnswer<T>> SendAsync<T>(
        (HttpMethod Method, string Address, KeyValuePair<string, string>[]? Fields) request, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await http.SendAsync<T>(request.Method, request.Address, request.Fields, cancellationToken);
        Date = answer.Date ?? Date;
        return answer;
    }
}
