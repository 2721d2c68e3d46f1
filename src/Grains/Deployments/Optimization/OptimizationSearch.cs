namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>
/// Which settings are tried next, and what follows of all that was measured. Pure: the same measurements give the same answer, on
/// whatever silo. First resolutions, then batches at those that still find the same, then what these measurements promise to be best with other
/// intervals and instances: each of them is measured before it is proposed.
/// </summary>
internal static class OptimizationSearch
{
    // As models of other sizes go down: to half the side, a quarter of the work.
    private static readonly double[] Sides = [1, 0.75, 0.5];

    // Strides of common detectors.
    private const int Stride = 32;
    private const int LeastSide = 64;

    // Promises that are put to the test: what the ninth promises is not worth another minute.
    private const int MostPromises = 8;

    // Frames with the same objects, before another resolution is trusted.
    private const int LeastCompared = 10;

    // Frames that may come too fast, of those that are due.
    private const double MostLost = 0.01;

    // Less is within what one measurement differs from the next on a busy worker.
    private const double LeastGain = 0.1;

    /// <summary>The next settings to try, or null where it is known enough.</summary>
    public static TrialConfiguration? Next(PerformanceOptimization search)
    {
        if (Declared(search).FirstOrDefault(each => Find(search, each) is null) is { } declared)
        {
            return declared;
        }

        var tested = 0;
        foreach (var promise in Promises(search))
        {
            if (Find(search, promise) is not { } measured)
            {
                return tested < MostPromises ? promise : null;
            }

            tested++;
            if (Keeps(search, measured))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>What is measured better than the settings of now, or null.</summary>
    public static OptimizationProposal? Propose(PerformanceOptimization search)
    {
        if (Find(search, search.Progress.Current) is not { Fault: null } before || Best(search) is not { } after
            || after.Configuration == before.Configuration || (Keeps(search, before) && !IsBetter(search.Wish.Goal, after, before)))
        {
            return null;
        }

        return new() { Configuration = after.Configuration, Before = before, After = after };
    }

    /// <summary>Whether settings do what is wanted, as they were measured.</summary>
    public static bool Keeps(PerformanceOptimization search, ConfigurationMeasurement measured) =>
        measured.Fault is null && measured.LatencyP95Milliseconds <= search.Wish.LatencyTargetMilliseconds
        && measured.LostShare <= MostLost && measured.BusyShare <= search.Progress.Bounds.MostBusy && FindsTheSame(search, measured);

    /// <summary>Time of all instances together, in instances.</summary>
    public static double Load(ConfigurationMeasurement measured) => measured.BusyShare * measured.Configuration.Instances;

    private static ConfigurationMeasurement? Best(PerformanceOptimization search) => search.Standing.Measurements
        .Where(measured => Keeps(search, measured))
        .OrderBy(measured => Rank(search.Wish.Goal, measured.Configuration, Load(measured)))
        .FirstOrDefault();

    private static ConfigurationMeasurement? Find(PerformanceOptimization search, TrialConfiguration configuration) =>
        search.Standing.Measurements.FirstOrDefault(measured => measured.Configuration == configuration);

    private static (double First, double Second, double Third) Rank(OptimizationGoal goal, TrialConfiguration configuration, double load) =>
        goal == OptimizationGoal.MostFrames
            ? (configuration.IntervalSeconds, configuration.Instances, load)
            : (configuration.Instances, load, configuration.IntervalSeconds);

    private static bool IsBetter(OptimizationGoal goal, ConfigurationMeasurement after, ConfigurationMeasurement before)
    {
        var (now, then) = (before.Configuration, after.Configuration);
        return goal == OptimizationGoal.MostFrames && then.IntervalSeconds != now.IntervalSeconds
            ? then.IntervalSeconds < now.IntervalSeconds
            : then.Instances < now.Instances || Load(after) <= Load(before) * (1 - LeastGain);
    }

    // The settings of now, its resolutions, and at each that is good the batches.
    private static IEnumerable<TrialConfiguration> Declared(PerformanceOptimization search)
    {
        var current = search.Progress.Current;
        yield return current;
        var sizes = new List<TrialConfiguration> { current };
        foreach (var smaller in Sizes(current).Skip(1))
        {
            yield return smaller;
            if (Find(search, smaller)?.Fault == TrialFault.Unusable)
            {
                // It takes one size, and no other will do either.
                break;
            }

            sizes.Add(smaller);
        }

        foreach (var measured in sizes.Select(size => Find(search, size)).OfType<ConfigurationMeasurement>())
        {
            if (measured.Fault is null && FindsTheSame(search, measured))
            {
                foreach (var batch in Batches(measured, search.Progress.Bounds.MostBatch))
                {
                    yield return measured.Configuration with { BatchSize = batch };
                }
            }
        }
    }

    // A model whose size nobody knows keeps it.
    private static IEnumerable<TrialConfiguration> Sizes(TrialConfiguration current) => current is not { Width: > 0, Height: > 0 } ? [current] : Sides
        .Select(side => side == 1 ? current : current with { Width = Scaled(current.Width, side), Height = Scaled(current.Height, side) })
        .Distinct();

    private static int Scaled(int side, double by) =>
        Math.Min(side, Math.Max(LeastSide, (int)Math.Round(side * by / Stride, MidpointRounding.AwayFromZero) * Stride));

    // A batch size above what the worker runs is that one.
    private static IEnumerable<int> Batches(ConfigurationMeasurement measured, int most)
    {
        var largest = Math.Min(measured.MaximumBatch, most);
        var runs = Math.Min(measured.Configuration.BatchSize, largest);
        for (var size = 1; size < largest; size *= 2)
        {
            if (size != runs)
            {
                yield return size;
            }
        }

        if (largest != runs)
        {
            yield return largest;
        }
    }

    // By what one instance did with its share, the best first.
    private static IEnumerable<TrialConfiguration> Promises(PerformanceOptimization search) =>
    [
        .. Declared(search).Distinct()
            .Select(each => Find(search, each))
            .OfType<ConfigurationMeasurement>()
            .Where(measured => measured is { Fault: null, Inferred: > 0, Seconds: > 0 } && FindsTheSame(search, measured))
            .SelectMany(measured => Varied(search, measured))
            .Where(promise => promise.Busy <= search.Progress.Bounds.MostBusy)
            .OrderBy(promise => Rank(search.Wish.Goal, promise.Configuration, promise.Busy * promise.Configuration.Instances))
            .Select(promise => promise.Configuration),
    ];

    private static IEnumerable<(TrialConfiguration Configuration, double Busy)> Varied(PerformanceOptimization search, ConfigurationMeasurement measured)
    {
        var (origin, bounds) = (measured.Configuration, search.Progress.Bounds);
        var intervals = search.Wish.Intervals.Append(origin.IntervalSeconds).Distinct();
        foreach (var interval in intervals)
        {
            for (var instances = bounds.LeastInstances; instances <= bounds.MostInstances; instances++)
            {
                var due = Due(bounds, measured, interval) * origin.Instances / instances;
                yield return (
                    origin with { IntervalSeconds = interval, Instances = instances },
                    measured.BusyShare * due / (measured.Inferred / measured.Seconds));
            }
        }
    }

    // Frames a second for as many instances as were measured. Of every frame nobody knows how many there are before they come.
    private static double Due(SearchBounds bounds, ConfigurationMeasurement measured, int interval)
    {
        var origin = measured.Configuration;
        return interval == origin.IntervalSeconds || interval == 0
            ? measured.FramesPerSecond
            : (double)bounds.Cameras / interval / origin.Instances;
    }

    // Batches, intervals and instances change nothing in what is found.
    private static bool FindsTheSame(PerformanceOptimization search, ConfigurationMeasurement measured)
    {
        var (now, then) = (search.Progress.Current, measured.Configuration);
        return (then.Width == now.Width && then.Height == now.Height)
            || (measured.ComparedFrames >= LeastCompared && measured.Agreement >= search.Wish.MinimumAgreement);
    }
}
