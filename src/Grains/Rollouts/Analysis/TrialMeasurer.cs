namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>What the samples of a rollout come to for one metric. Pure.</summary>
internal static class TrialMeasurer
{
    private const double SecondsPerHour = 3600;

    /// <summary>
    /// The values of both versions. Where both looked at the same cameras in the same slots, these alone count and the difference has
    /// bounds; elsewhere what cameras see differs, so that only measures of the machine's work are held against the stable deployment's
    /// other cameras.
    /// </summary>
    /// <param name="metric">What is asked for.</param>
    /// <param name="samples">Of one rollout, in the span of time that counts.</param>
    /// <param name="candidate">The candidate's deployment; what is not its is the stable one's.</param>
    /// <param name="started">When that span began.</param>
    public static AnalysisObservation Observe(
        AnalysisMetric metric, IReadOnlyList<TrialSample> samples, Guid candidate, DateTimeOffset started)
    {
        var sides = samples.ToLookup(sample => sample.DeploymentId == candidate);
        if (metric.Compare == AnalysisComparison.Absolute || !AnalysisMeasures.Of(metric.Measure).HasBaseline)
        {
            var alone = Sum(sides[true]);
            return new() { Started = started, Value = Value(metric.Measure, alone), Samples = Count(metric.Measure, alone) };
        }

        var pairs = Pair(sides);
        return pairs.Count > 0 ? Compare(metric.Measure, pairs, started) : Beside(metric.Measure, sides, started);
    }

    /// <summary>The values of both versions on every camera on which both have one, slot by slot in the order of time.</summary>
    /// <param name="measure">What is asked for.</param>
    /// <param name="samples">Of one rollout.</param>
    /// <param name="candidate">The candidate's deployment; what is not its is the stable one's.</param>
    /// <param name="slot">How long a slot is: as long as the samples' own, or longer, of which all that both looked at is taken together.</param>
    public static IEnumerable<IReadOnlyList<PairedValue>> Slots(
        AnalysisMeasure measure, IReadOnlyList<TrialSample> samples, Guid candidate, TimeSpan slot) =>
        from pair in Pair(samples.ToLookup(sample => sample.DeploymentId == candidate))
        group pair by (pair.Start - DateTimeOffset.UnixEpoch).Ticks / slot.Ticks into whole
        orderby whole.Key
        let values = Values(measure, whole)
        where values.Count > 0
        select values;

    private static IReadOnlyList<PairedValue> Values(AnalysisMeasure measure, IEnumerable<TrialPair> slot) =>
    [
        .. from pair in slot
           group pair by pair.CameraId into camera
           let baseline = Value(measure, Sum(camera.Select(pair => pair.Baseline)))
           let candidate = Value(measure, Sum(camera.Select(pair => pair.Candidate)))
           where baseline is not null && candidate is not null && double.IsFinite(candidate.Value - baseline.Value)
           select new PairedValue(baseline.Value, candidate.Value),
    ];

    private static AnalysisObservation Compare(AnalysisMeasure measure, IReadOnlyList<TrialPair> pairs, DateTimeOffset started)
    {
        var (baseline, candidate) = (Sum(pairs.Select(pair => pair.Baseline)), Sum(pairs.Select(pair => pair.Candidate)));
        var difference = Difference(measure, pairs);
        return new()
        {
            Started = started,
            Value = Value(measure, candidate),
            BaselineValue = Value(measure, baseline),
            Difference = difference.Mean,
            Lower = difference.Lower,
            Upper = difference.Upper,
            Samples = AnalysisSamples.Least(Count(measure, candidate), Count(measure, baseline)),
        };
    }

    private static AnalysisObservation Beside(AnalysisMeasure measure, ILookup<bool, TrialSample> sides, DateTimeOffset started)
    {
        var (baseline, candidate) = (Sum(sides[false]), Sum(sides[true]));
        return new()
        {
            Started = started,
            Value = Value(measure, candidate),
            BaselineValue = DependsOnScene(measure) ? null : Value(measure, baseline),
            Samples = AnalysisSamples.Least(Count(measure, candidate), Count(measure, baseline)),
        };
    }

    private static DifferenceInterval Difference(AnalysisMeasure measure, IReadOnlyList<TrialPair> pairs) => measure switch
    {
        AnalysisMeasure.ErrorRate => Rates(pairs, totals => (totals.Errors, totals.FramesTried)),
        AnalysisMeasure.TimeoutRate => Rates(pairs, totals => (totals.Timeouts, totals.FramesTried)),
        AnalysisMeasure.EmptyFrameShare => Rates(pairs, totals => (totals.EmptyFrames, totals.FramesInferred)),
        _ => PairedDifference.OfValues(
        [
            .. from pair in pairs
               let baseline = Value(measure, pair.Baseline)
               let candidate = Value(measure, pair.Candidate)
               where baseline is not null && candidate is not null
               select new PairedValue(baseline.Value, candidate.Value),
        ]),
    };

    private static DifferenceInterval Rates(IReadOnlyList<TrialPair> pairs, Func<TrialTotals, (long Hits, long Samples)> count) =>
        PairedDifference.OfRates(
        [
            .. from pair in pairs
               let baseline = count(pair.Baseline)
               let candidate = count(pair.Candidate)
               select new PairedRate(baseline.Hits, baseline.Samples, candidate.Hits, candidate.Samples),
        ]).Times(100);

    private static double? Value(AnalysisMeasure measure, TrialTotals totals) => measure switch
    {
        AnalysisMeasure.ErrorRate => Share(totals.Errors, totals.FramesTried),
        AnalysisMeasure.TimeoutRate => Share(totals.Timeouts, totals.FramesTried),
        AnalysisMeasure.LatencyP95 => totals.Latency.Quantile(0.95),
        AnalysisMeasure.Throughput => Over(totals.FramesInferred, totals.WatchedSeconds),
        AnalysisMeasure.DetectionsPerCameraHour => Over(totals.Detections * SecondsPerHour, totals.WatchedSeconds),
        AnalysisMeasure.MeanConfidence => Over(totals.ConfidenceSum, totals.Detections),
        AnalysisMeasure.EmptyFrameShare => Share(totals.EmptyFrames, totals.FramesInferred),
        AnalysisMeasure.TrackStability => Over(totals.TrackSeconds, totals.Tracks),

        // Of marks alone: MarkMeasurer.
        AnalysisMeasure.FalsePositiveMarks => null,
        AnalysisMeasure.BaselineAgreement => Share(totals.ObjectsAlike, totals.ObjectsFound),
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, null),
    };

    private static AnalysisSamples Count(AnalysisMeasure measure, TrialTotals totals) => new()
    {
        Frames = measure switch
        {
            AnalysisMeasure.ErrorRate or AnalysisMeasure.TimeoutRate => totals.FramesTried,
            AnalysisMeasure.BaselineAgreement => totals.FramesPaired,
            _ => totals.FramesInferred,
        },
        Detections = totals.Detections,
        CameraHours = totals.WatchedSeconds / SecondsPerHour,
    };

    // Of a slot, the rows of both sides; a stream that moved in the middle of it has two on each.
    private static List<TrialPair> Pair(ILookup<bool, TrialSample> sides)
    {
        var baseline = BySlot(sides[false]);
        return
        [
            .. from candidate in BySlot(sides[true])
               let other = baseline.GetValueOrDefault(candidate.Key)
               where other is not null
               orderby candidate.Key.Start, candidate.Key.CameraId
               select new TrialPair(candidate.Key.CameraId, candidate.Key.Start, other, candidate.Value),
        ];
    }

    private static Dictionary<(Guid CameraId, DateTimeOffset Start), TrialTotals> BySlot(IEnumerable<TrialSample> samples) =>
        samples.GroupBy(sample => (sample.CameraId, sample.Start)).ToDictionary(slot => slot.Key, Sum);

    private static bool DependsOnScene(AnalysisMeasure measure) =>
        measure is not (AnalysisMeasure.ErrorRate or AnalysisMeasure.TimeoutRate or AnalysisMeasure.LatencyP95 or AnalysisMeasure.Throughput);

    private static TrialTotals Sum(IEnumerable<TrialSample> samples) => Sum(samples.Select(sample => sample.Totals));

    private static TrialTotals Sum(IEnumerable<TrialTotals> totals) => totals.Aggregate(TrialTotals.Empty, (sum, next) => sum + next);

    private static double? Share(long part, long whole) => whole > 0 ? 100.0 * part / whole : null;

    private static double? Over(double amount, double per) => per > 0 ? amount / per : null;

    /// <summary>One camera in one slot.</summary>
    private sealed record TrialPair(Guid CameraId, DateTimeOffset Start, TrialTotals Baseline, TrialTotals Candidate);
}
