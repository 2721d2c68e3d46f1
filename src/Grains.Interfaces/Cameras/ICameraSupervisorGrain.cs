using Orleans.Concurrency;

namespace OrleansAiFleet.Cameras;

/// <summary>
/// Keeps every wanted stream running: gives each camera its plan, and gives it again when a worker died. One for the
/// fleet; key 0. Control silos wake it and keep it awake.
/// </summary>
[Alias("Fleet.ICameraSupervisorGrain")]
public interface ICameraSupervisorGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the supervisor is awake. Called by every control silo every few seconds.</summary>
    [Alias("Wake")]
    Task Wake();

    /// <summary>Reads the wanted plans now instead of at the next round. Called after a camera or deployment changed.</summary>
    [Alias("Refresh")]
    Task Refresh();

    /// <summary>
    /// Status of every wanted camera as of the last round; a camera that no worker could take has state
    /// <see cref="StreamState.Reconnecting"/> and says why.
    /// </summary>
    [Alias("GetStatuses"), AlwaysInterleave]
    Task<CameraStatus[]> GetStatuses();

    /// <summary>When every wanted camera was last asked how it does; null: not yet since the supervisor woke up.</summary>
    [Alias("GetLastRound"), AlwaysInterleave]
    Task<DateTimeOffset?> GetLastRound();

    /// <summary>The same of one site's cameras.</summary>
    [Alias("GetStatusesOf"), AlwaysInterleave]
    Task<CameraStatus[]> GetStatusesOf(Guid siteId);
}
