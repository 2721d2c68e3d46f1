namespace OrleansAiFleet.Cameras;

/// <summary>Where a camera's stream stands.</summary>
[GenerateSerializer, Alias("Fleet.StreamState")]
public enum StreamState
{
    /// <summary>Connecting for the first time.</summary>
    Starting = 0,

    /// <summary>Frames arrive.</summary>
    Running = 1,

    /// <summary>Lost or stalled; waits for its next try.</summary>
    Reconnecting = 2,

    /// <summary>A file that is not looped came to its end.</summary>
    Ended = 3,

    /// <summary>Stopped on purpose.</summary>
    Stopped = 4,
}
