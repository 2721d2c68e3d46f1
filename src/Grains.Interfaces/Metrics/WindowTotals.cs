namespace OrleansAiFleet.Metrics;

/// <summary>Mergeable sums of one window. Adding the totals of several reporters gives the window's.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.WindowTotals")]
public sealed record WindowTotals
{
    /// <summary>Frames decoded for this deployment; equals inferred + skipped + still in flight.</summary>
    [Id(0)]
    public long FramesDecoded { get; init; }

    [Id(1)]
    public long FramesInferred { get; init; }

    /// <summary>Frames not inferred; index = <see cref="Inference.SkipReason"/>. Shorter arrays count as zero beyond their end.</summary>
    [Id(2)]
    public long[] FramesSkipped { get; init; } = [];

    [Id(3)]
    public long Detections { get; init; }

    [Id(4)]
    public double ConfidenceSum { get; init; }

    /// <summary>Model time per inferred frame (Triton's compute_infer), in milliseconds; its count is <see cref="FramesInferred"/>.</summary>
    [Id(5)]
    public LatencySketch InferenceTime { get; init; } = LatencySketch.Empty;

    /// <summary>From a frame's arrival to its detections, in milliseconds.</summary>
    [Id(6)]
    public LatencySketch Latency { get; init; } = LatencySketch.Empty;

    [Id(7)]
    public double QueueMillisecondsSum { get; init; }

    [Id(8)]
    public double PreprocessMillisecondsSum { get; init; }

    [Id(9)]
    public double PostprocessMillisecondsSum { get; init; }

    [Id(10)]
    public long PreprocessingErrors { get; init; }

    [Id(11)]
    public long InferenceErrors { get; init; }

    [Id(12)]
    public long PostprocessingErrors { get; init; }

    [Id(13)]
    public long TimeoutErrors { get; init; }

    [Id(14)]
    public long MemoryErrors { get; init; }

    /// <summary>CPU of the worker process in percent of the machine, sampled every second.</summary>
    [Id(15)]
    public Gauge CpuPercent { get; init; }

    /// <summary>Resident memory of the worker process in bytes, sampled every second.</summary>
    [Id(16)]
    public Gauge MemoryBytes { get; init; }

    /// <summary>GPU utilisation in percent; no samples where there is no GPU.</summary>
    [Id(17)]
    public Gauge GpuPercent { get; init; }

    /// <summary>GPU memory in use in bytes; no samples where there is no GPU.</summary>
    [Id(18)]
    public Gauge GpuMemoryBytes { get; init; }

    [Id(19)]
    public long DiskReadBytes { get; init; }

    [Id(20)]
    public long DiskWriteBytes { get; init; }

    /// <summary>Totals of two reporters together.</summary>
    public static WindowTotals operator +(WindowTotals left, WindowTotals right) => new()
    {
        FramesDecoded = left.FramesDecoded + right.FramesDecoded,
        FramesInferred = left.FramesInferred + right.FramesInferred,
        FramesSkipped = Add(left.FramesSkipped, right.FramesSkipped),
        Detections = left.Detections + right.Detections,
        ConfidenceSum = left.ConfidenceSum + right.ConfidenceSum,
        InferenceTime = left.InferenceTime + right.InferenceTime,
        Latency = left.Latency + right.Latency,
        QueueMillisecondsSum = left.QueueMillisecondsSum + right.QueueMillisecondsSum,
        PreprocessMillisecondsSum = left.PreprocessMillisecondsSum + right.PreprocessMillisecondsSum,
        PostprocessMillisecondsSum = left.PostprocessMillisecondsSum + right.PostprocessMillisecondsSum,
        PreprocessingErrors = left.PreprocessingErrors + right.PreprocessingErrors,
        InferenceErrors = left.InferenceErrors + right.InferenceErrors,
        PostprocessingErrors = left.PostprocessingErrors + right.PostprocessingErrors,
        TimeoutErrors = left.TimeoutErrors + right.TimeoutErrors,
        MemoryErrors = left.MemoryErrors + right.MemoryErrors,
        CpuPercent = left.CpuPercent + right.CpuPercent,
        MemoryBytes = left.MemoryBytes + right.MemoryBytes,
        GpuPercent = left.GpuPercent + right.GpuPercent,
        GpuMemoryBytes = left.GpuMemoryBytes + right.GpuMemoryBytes,
        DiskReadBytes = left.DiskReadBytes + right.DiskReadBytes,
        DiskWriteBytes = left.DiskWriteBytes + right.DiskWriteBytes,
    };

    private static long[] Add(long[] left, long[] right)
    {
        var sum = new long[Math.Max(left.Length, right.Length)];
        left.CopyTo(sum, 0);
        for (var i = 0; i < right.Length; i++)
        {
            sum[i] += right[i];
        }

        return sum;
    }
}
