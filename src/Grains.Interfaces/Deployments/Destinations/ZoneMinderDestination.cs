using System.Text.Json.Serialization;

namespace OrleansAiFleet.Deployments.Destinations;

/// <summary>What was found is written into the Notes of the event that ZoneMinder recorded at the time.</summary>
public sealed record ZoneMinderDestination : OutputDestination
{
    public const string KindName = "zoneminder";

    /// <summary>The mode in which Notes of events that have ended are written; there is no other yet.</summary>
    public const string NotesMode = "notes";

    /// <summary>How long an event may go on, where nothing else is said, in seconds.</summary>
    public const int DefaultLongestEvent = 3600;

    /// <summary>ZoneMinder's address, as people open it: <c>http://zm.example.org/zm</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Null: ZoneMinder runs without authentication.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>The monitor that looks at what a camera looks at, by the camera's id. What other cameras see does not go there.</summary>
    public required IReadOnlyDictionary<Guid, int> Monitors { get; init; }

    public string Mode { get; init; } = NotesMode;

    /// <summary>IANA name of the zone in which its database writes times; null: what ZoneMinder says of itself.</summary>
    public string? TimeZone { get; init; }

    /// <summary>How long after a frame its event may still be open, in seconds; then the frame is given up.</summary>
    public int LongestEventSeconds { get; init; } = DefaultLongestEvent;

    [JsonIgnore]
    public override string Kind => KindName;

    public override bool Sees(Guid cameraId) => base.Sees(cameraId) && Monitors.ContainsKey(cameraId);

    public override OutputDestination WithSecrets(Func<string, string?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return this with { Password = Password is null ? null : change(Password) };
    }

    public override string ToString() => $"{KindName} {Name}";
}
