namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>The camera streams of this worker.</summary>
internal interface ICameraCount
{
    /// <summary>How many run now.</summary>
    int Running { get; }
}
