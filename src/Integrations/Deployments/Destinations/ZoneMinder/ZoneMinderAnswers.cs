using System.Text.Json.Serialization;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>An event as the API tells of it. Times are of the server's zone.</summary>
internal sealed record ZoneMinderEvent
{
    public required long Id { get; init; }

    public string? StartDateTime { get; init; }

    /// <summary>Null while it goes on: then what is written into its Notes is lost.</summary>
    public string? EndDateTime { get; init; }

    public string? Notes { get; init; }

    [JsonIgnore]
    public DateTime? Start => ZoneMinderClock.Read(StartDateTime);

    [JsonIgnore]
    public bool IsOpen => EndDateTime is null;

    /// <summary>Whether it was going on at that time. Both its ends are cut to whole seconds.</summary>
    public bool Covers(DateTime local) =>
        Start <= local && (IsOpen || ZoneMinderClock.Read(EndDateTime) is { } end && local < end.AddSeconds(1));
}

/// <summary>A monitor as the API tells of it. What it records is <c>Function</c> up to 1.36, and <c>Recording</c> from 1.38 on.</summary>
internal sealed record ZoneMinderMonitor
{
    public required int Id { get; init; }

    public string? Function { get; init; }

    public string? Recording { get; init; }

    [JsonIgnore]
    public bool Records => Recording is not null ? Recording != "None" : Function is not ("None" or "Monitor");
}

internal sealed record EventAnswer([property: JsonPropertyName("event")] EventMember Found);

internal sealed record EventsAnswer([property: JsonPropertyName("events")] EventMember[] Found);

internal sealed record EventMember(ZoneMinderEvent Event);

internal sealed record MonitorsAnswer([property: JsonPropertyName("monitors")] MonitorMember[] Found);

internal sealed record MonitorMember(ZoneMinderMonitor Monitor);

internal sealed record ZoneAnswer([property: JsonPropertyName("tz")] string? Zone);

internal sealed record VersionAnswer([property: JsonPropertyName("version")] string? Version);

internal sealed record SavedAnswer([property: JsonPropertyName("message")] string? Message);

internal sealed record LoginAnswer
{
    /// <summary>Null where ZoneMinder asks for no login.</summary>
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>In seconds.</summary>
    [JsonPropertyName("access_token_expires")]
    public long? AccessTokenExpires { get; init; }
}
