using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Fleet;

/// <summary>What one GPU worker silo has and does now.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.WorkerStatus")]
public sealed record WorkerStatus
{
    /// <summary>Parsable address of the silo (<c>127.0.0.1:11201@154482992</c>).</summary>
    [Id(0)]
    public required string Silo { get; init; }

    [Id(1)]
    public required string HostName { get; init; }

    [Id(2)]
    public int ProcessId { get; init; }

    /// <summary>ONNX Runtime execution provider in use: <c>CPUExecutionProvider</c>, <c>CUDAExecutionProvider</c> …</summary>
    [Id(3)]
    public required string ExecutionProvider { get; init; }

    /// <summary>Share of the machine's cores this process used over the last second, 0 to 100.</summary>
    [Id(4)]
    public double CpuPercent { get; init; }

    /// <summary>Resident memory of the process in bytes.</summary>
    [Id(5)]
    public long MemoryBytes { get; init; }

    /// <summary>Model versions loaded here.</summary>
    [Id(6)]
    public ModelRuntimeStatus[] Models { get; init; } = [];

    /// <summary>Camera streams that run here.</summary>
    [Id(7)]
    public int Cameras { get; init; }

    /// <summary>Frame batches waiting in the local journal because the database is away.</summary>
    [Id(8)]
    public long JournaledBatches { get; init; }

    /// <summary>Cores that it has for models.</summary>
    [Id(9)]
    public int Cores { get; init; }

    /// <summary>Memory that it has for models, in bytes: the machine's or the container's, unless configured.</summary>
    [Id(10)]
    public long RamBytes { get; init; }

    /// <summary>Memory of its accelerators in bytes; 0 where it infers on the CPU.</summary>
    [Id(11)]
    public long GpuMemoryBytes { get; init; }
}
