using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;

namespace OrleansAiFleet.GpuWorker.Deployments.Scaling;

/// <summary>What this worker has for models, as configured or measured at its start.</summary>
internal sealed class WorkerCapacity
{
    private const string Cpu = "CPUExecutionProvider";
    private const double BytesPerGb = 1L << 30;

    public WorkerCapacity(IOptions<CapacityOptions> options, SessionFactory sessions)
    {
        var configured = options.Value;
        Cores = configured.Cores > 0 ? configured.Cores : Environment.ProcessorCount;
        RamBytes = configured.RamGb > 0 ? (long)(configured.RamGb * BytesPerGb) : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        GpuMemoryBytes = sessions.ExecutionProvider == Cpu ? 0
            : configured.GpuMemoryGb > 0 ? (long)(configured.GpuMemoryGb * BytesPerGb)
            : MeasureGpus();
    }

    public int Cores { get; }

    public long RamBytes { get; }

    /// <summary>0 where models run on the CPU.</summary>
    public long GpuMemoryBytes { get; }

    private static long MeasureGpus()
    {
        using var library = NvidiaLibrary.TryLoad();
        return library?.ReadTotalMemoryBytes() ?? 0;
    }
}
