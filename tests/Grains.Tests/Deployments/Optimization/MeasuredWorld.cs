using OrleansAiFleet.Deployments.Optimization;

namespace OrleansAiFleet.Grains.Tests.Deployments.Optimization;

/// <summary>A worker whose times follow from a few numbers, and the search on it.</summary>
internal sealed record MeasuredWorld
{
    public TrialConfiguration Current { get; init; } = new() { Instances = 2, BatchSize = 1, Width = 640, Height = 640, IntervalSeconds = 1 };

    public OptimizationWish Wish { get; init; } = new() { LatencyTargetMilliseconds = 200 };

    public SearchBounds Bounds { get; init; } = new() { MostInstances = 2, MostBatch = 8, Cameras = 8 };

    /// <summary>Of one picture of the size of now, alone.</summary>
    public double Milliseconds { get; init; } = 100;

    /// <summary>Share of the time of one picture that each more in a batch takes.</summary>
    public double More { get; init; } = 0.5;

    /// <summary>What smaller pictures still show, by width; what is not here cannot be run.</summary>
    public Dictionary<int, double?> Agreements { get; init; } = new() { [480] = 0.97, [320] = 0.6 };

    public int MaximumBatch { get; init; } = 4;

    /// <summary>Searches to the end; gives every row on the way, the last one settled.</summary>
    public IReadOnlyList<PerformanceOptimization> Search()
    {
        List<PerformanceOptimization> rows =
        [
            new() { Id = Guid.NewGuid(), DeploymentId = Guid.NewGuid(), Wish = Wish, Progress = new() { Current = Current, Bounds = Bounds } },
        ];
        while (OptimizationSearch.Next(rows[^1]) is { } next)
        {
            Assert.True(rows.Count < 100, "It does not come to an end.");
            rows.Add(OptimizationMachine.Take(rows[^1], Measure(next), DateTimeOffset.UnixEpoch));
        }

        return [.. rows, OptimizationMachine.Conclude(rows[^1], DateTimeOffset.UnixEpoch)];
    }

    public ConfigurationMeasurement Measure(TrialConfiguration configuration)
    {
        double? agreement = configuration.Width == Current.Width ? 1 : Agreements.GetValueOrDefault(configuration.Width);
        if (configuration.Width != Current.Width && !Agreements.ContainsKey(configuration.Width))
        {
            return new() { Configuration = configuration, Worker = "w", Fault = TrialFault.Unusable, FaultReason = "It takes one size." };
        }

        // Eight frames a second of eight cameras in all; a full batch forms where the load would not do without.
        var due = (double)Bounds.Cameras / Math.Max(1, configuration.IntervalSeconds) / configuration.Instances;
        var scale = (double)configuration.Width * configuration.Height / (Current.Width * Current.Height);
        var batch = Math.Min(configuration.BatchSize, MaximumBatch);
        var run = Milliseconds * scale * (1 + (More * (batch - 1)));
        var perFrame = run / batch;
        var busy = due * perFrame / 1000;
        return new()
        {
            Configuration = configuration,
            Worker = "w",
            Seconds = 10,
            Frames = (int)Math.Round(due * 10),
            Inferred = (int)Math.Round(Math.Min(due, 1000 / perFrame) * 10),
            LatencyP50Milliseconds = run,
            LatencyP95Milliseconds = run * (1 + Math.Min(busy, 1)),
            BusyShare = Math.Min(1, busy),
            MillisecondsPerFrame = perFrame,
            Agreement = agreement,
            ComparedFrames = 40,
            MaximumBatch = MaximumBatch,
        };
    }
}
