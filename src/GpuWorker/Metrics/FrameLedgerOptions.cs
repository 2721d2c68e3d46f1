using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>How frames are booked and handed to the store: <c>Fleet:Ledger</c>.</summary>
internal sealed class FrameLedgerOptions
{
    public const string Section = "Fleet:Ledger";

    /// <summary>Longest that booked detections wait before they are handed to the store. Default: 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Booked detections that are handed over at once, without waiting for the interval. Default: 1 000.</summary>
    [Range(1, 100_000)]
    public int FlushDetections { get; set; } = 1_000;

    /// <summary>Most booked detections; beyond it whoever books waits for the store. Default: 50 000.</summary>
    [Range(1, 1_000_000)]
    public int PendingDetections { get; set; } = 50_000;

    /// <summary>How long a window stays in memory after its end and its last frame. Default: 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often window grains are told of stored reports. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PokeInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Windows whose frames in flight are known after a kill; more go without. Default: 4 096 (of 64 bytes each).</summary>
    [Range(1, 1_000_000)]
    public int InFlightWindows { get; set; } = 4_096;
}

[OptionsValidator]
internal sealed partial class FrameLedgerOptionsValidator : IValidateOptions<FrameLedgerOptions>;
