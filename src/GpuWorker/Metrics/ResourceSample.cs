namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>What the worker and its decoders used over the last second.</summary>
internal sealed record ResourceSample
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Share of the cores this process may use, 0 to 100; null with the first sample.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Resident memory of all of them.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Utilisation of the GPUs on average, 0 to 100; null where there is none.</summary>
    public double? GpuPercent { get; init; }

    /// <summary>GPU memory in use, by anybody, on all GPUs together; null where there is none.</summary>
    public double? GpuMemoryBytes { get; init; }

    /// <summary>Read from disks since the sample before.</summary>
    public long DiskReadBytes { get; init; }

    /// <summary>Written to disks since the sample before.</summary>
    public long DiskWriteBytes { get; init; }
}
