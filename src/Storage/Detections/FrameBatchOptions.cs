using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>How frame batches travel to PostgreSQL: <c>Fleet:FrameBatches</c>.</summary>
public sealed class FrameBatchOptions
{
    public const string Section = "Fleet:FrameBatches";

    /// <summary>
    /// Parent folder of the journals; every process has a folder of its own in it and takes over those of dead processes.
    /// One per machine, on a disk that outlives the process. Below it a folder per database (a hash of host, port and name),
    /// so that fleets beside each other may share it. Default: <c>fleet-journal</c> under the temp folder.
    /// </summary>
    [Required]
    public string JournalFolder { get; set; } = Path.Combine(Path.GetTempPath(), "fleet-journal");

    /// <summary>Most bytes the journal may hold; beyond it whoever hands a batch over waits. Default: 1 GiB.</summary>
    [Range(1L << 16, 1L << 40)]
    public long JournalBytes { get; set; } = 1L << 30;

    /// <summary>Bytes after which the journal begins a new file. Default: 16 MiB.</summary>
    [Range(1L << 12, 1L << 30)]
    public long SegmentBytes { get; set; } = 16L << 20;

    /// <summary>Most bytes of rejected batches kept for a person to look at; the oldest go first. Default: 64 MiB.</summary>
    [Range(0, 1L << 40)]
    public long RejectedBytes { get; set; } = 64L << 20;

    /// <summary>Most rows that wait in memory; later batches are read back from the journal. Default: 50 000.</summary>
    [Range(1, 10_000_000)]
    public int QueueRows { get; set; } = 50_000;

    /// <summary>Most rows in one transaction, unless one batch alone has more. Default: 5 000.</summary>
    [Range(1, 1_000_000)]
    public int TransactionRows { get; set; } = 5_000;

    /// <summary>
    /// Shortest time between two transactions that are not full: what one costs hardly depends on its rows. What waits is in
    /// the journal already. Default: 500 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest a transaction may take before it is tried again. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Wait after the first failure; doubles with each, with jitter. Default: 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan ShortestRetry { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait between two tries. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often to look for journals of dead processes. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan TakeoverInterval { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class FrameBatchOptionsValidator : IValidateOptions<FrameBatchOptions>;
