namespace OrleansAiFleet.Inference;

/// <summary>Why a decoded frame was not inferred. Stored: never renumber.</summary>
[GenerateSerializer, Alias("Fleet.SkipReason")]
public enum SkipReason
{
    /// <summary>The sampling rate left it out.</summary>
    Sampling = 0,

    /// <summary>Nothing moved.</summary>
    NoMotion = 1,

    /// <summary>A newer frame of the same camera took its place in the queue.</summary>
    Superseded = 2,

    /// <summary>The byte budget of frames in flight was spent.</summary>
    QueueFull = 3,

    /// <summary>It waited longer than the deployment's time-out.</summary>
    TimedOut = 4,

    /// <summary>The model was not loaded yet, or no worker could take it.</summary>
    ModelNotReady = 5,

    /// <summary>Preprocessing, inference or postprocessing failed.</summary>
    Failed = 6,

    /// <summary>The stream stopped while it waited.</summary>
    Stopped = 7,
}
