namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>
/// Looks every second at what this process and its decoders use, and books it into the windows of the deployments at work.
/// </summary>
internal sealed partial class ResourceSampler(
    FrameLedger ledger, ChildProcesses children, TimeProvider time, ILogger<ResourceSampler> logger)
    : BackgroundService, IResourceReadings
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private Dictionary<int, ProcessUsage> _before = [];
    private long _sampledAt;
    private NvidiaLibrary? _gpus;
    private ResourceSample? _last;

    /// <summary>The latest sample; null in the first second.</summary>
    public ResourceSample? Last => Volatile.Read(ref _last);

    public double CpuPercent => Last?.CpuPercent ?? 0;

    public long MemoryBytes => Last?.MemoryBytes ?? Environment.WorkingSet;

    public override void Dispose()
    {
        base.Dispose();
        _gpus?.Dispose();
    }

    /// <summary>Takes a sample now.</summary>
    internal ResourceSample Sample()
    {
        var now = time.GetTimestamp();
        var after = ReadAll();
        var used = UsedSince(after);
        var elapsed = time.GetElapsedTime(_sampledAt, now);
        var gpu = _gpus?.Read() ?? default;
        var sample = new ResourceSample
        {
            At = time.GetUtcNow(),
            CpuPercent = _before.Count == 0 || elapsed <= TimeSpan.Zero
                ? null
                : Math.Clamp(100 * used.Cpu / elapsed / Environment.ProcessorCount, 0, 100),
            MemoryBytes = after.Values.Sum(usage => usage.MemoryBytes),
            GpuPercent = gpu.Percent,
            GpuMemoryBytes = gpu.MemoryBytes,
            DiskReadBytes = used.ReadBytes,
            DiskWriteBytes = used.WriteBytes,
        };
        (_before, _sampledAt) = (after, now);
        Volatile.Write(ref _last, sample);
        return sample;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _gpus = NvidiaLibrary.TryLoad();
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                TrySample();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void TrySample()
    {
        try
        {
            ledger.Sample(Sample());
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }
    }

    private Dictionary<int, ProcessUsage> ReadAll()
    {
        var usages = new Dictionary<int, ProcessUsage>();
        foreach (var id in children.Ids.Prepend(Environment.ProcessId))
        {
            if (ProcessUsage.Read(id) is { } usage)
            {
                usages[id] = usage;
            }
        }

        return usages;
    }

    // A child seen for the first time was started since the sample before: all it used counts. The process itself was not.
    private ProcessUsage UsedSince(Dictionary<int, ProcessUsage> after)
    {
        var sum = default(ProcessUsage);
        foreach (var (id, usage) in after)
        {
            var known = _before.TryGetValue(id, out var earlier) && earlier.Started == usage.Started;
            if (known || id != Environment.ProcessId)
            {
                var since = known ? earlier : default;
                sum = sum with
                {
                    Cpu = sum.Cpu + (usage.Cpu - since.Cpu),
                    ReadBytes = sum.ReadBytes + (usage.ReadBytes - since.ReadBytes),
                    WriteBytes = sum.WriteBytes + (usage.WriteBytes - since.WriteBytes),
                };
            }
        }

        return sum;
    }

    [LoggerMessage(LogLevel.Warning, "The worker's use of CPU, memory and disks could not be read")]
    private partial void LogFailed(Exception exception);
}
