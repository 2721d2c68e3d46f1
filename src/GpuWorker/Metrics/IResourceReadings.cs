namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>What this process uses of its machine.</summary>
internal interface IResourceReadings
{
    /// <summary>Share of the machine's cores over the last second, 0 to 100.</summary>
    double CpuPercent { get; }

    /// <summary>Resident memory in bytes.</summary>
    long MemoryBytes { get; }
}
