namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Counts the camera streams of this worker.</summary>
internal sealed class RunningCameras : ICameraCount
{
    private int _running;

    public int Running => Volatile.Read(ref _running);

    /// <summary>A stream began.</summary>
    public void Add() => Interlocked.Increment(ref _running);

    /// <summary>It ended.</summary>
    public void Remove() => Interlocked.Decrement(ref _running);
}
