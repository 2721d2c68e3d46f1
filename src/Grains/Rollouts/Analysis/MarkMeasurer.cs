using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>
/// What people's marks come to: the share of false ones among the detections that were judged. Pure.
/// </summary>
/// <remarks>
/// Not among all detections: nobody looks at most of them, and at what a shadow found hardly anybody does, so that the version that is
/// looked at less would seem the better one. A detection counts when it is judged and not when it was seen; what is judged late is
/// measured late, and no word counts twice.
/// </remarks>
internal static class MarkMeasurer
{
    /// <summary>
    /// The candidate's share in percent. Compared with the version before where detections of both were judged of the same camera and
    /// slot; then these alone count, and the difference has bounds.
    /// </summary>
    /// <param name="metric">What is asked for.</param>
    /// <param name="samples">What was looked at in the span of time that counts: frames and camera-hours.</param>
    /// <param name="marks">What was said in it.</param>
    /// <param name="slotSeconds">How long the rollout's slots are.</param>
    /// <param name="candidate">The candidate's deployment; what is not its is the stable one's.</param>
    /// <param name="started">When that span began.</param>
    public static AnalysisObservation Observe(
        AnalysisMetric metric,
        IReadOnlyList<TrialSample> samples,
        IReadOnlyList<TrialMark> marks,
        int slotSeconds,
        Guid candidate,
        DateTimeOffset started)
    {
        var watched = samples.Where(sample => sample.DeploymentId == candidate).Select(sample => sample.Totals).ToList();
        var observation = new AnalysisObservation
        {
            Started = started,
            Samples = new() { Frames = watched.Sum(totals => totals.FramesInferred), CameraHours = watched.Sum(totals => totals.WatchedSeconds) / 3600 },
        };
        var sides = marks.ToLookup(mark => mark.DeploymentId == candidate);
        var pairs = metric.Compare == AnalysisComparison.Absolute ? [] : Pair(sides, TimeSpan.FromSeconds(slotSeconds));
        return pairs.Count == 0 ? Alone(observation, sides[true]) : Compare(observation, pairs);
    }

    private static AnalysisObservation Alone(AnalysisObservation observation, IEnumerable<TrialMark> marks)
    {
        var judged = Count(marks);
        return observation with { Value = judged.Share, Samples = observation.Samples with { Detections = judged.All } };
    }

    private static AnalysisObservation Compare(AnalysisObservation observation, IReadOnlyList<(Judged Baseline, Judged Candidate)> pairs)
    {
        var (baseline, candidate) = (Sum(pairs.Select(pair => pair.Baseline)), Sum(pairs.Select(pair => pair.Candidate)));
        var difference = PairedDifference.OfRates(
            [.. pairs.Select(pair => new PairedRate(pair.Baseline.False, pair.Baseline.All, pair.Candidate.False, pair.Candidate.All))]).Times(100);
        return observation with
        {
            Value = candidate.Share,
            BaselineValue = baseline.Share,
            Difference = difference.Mean,
            Lower = difference.Lower,
            Upper = difference.Upper,
            Samples = observation.Samples with { Detections = Math.Min(candidate.All, baseline.All) },
        };
    }

    private static List<(Judged Baseline, Judged Candidate)> Pair(ILookup<bool, TrialMark> sides, TimeSpan slot)
    {
        var baseline = BySlot(sides[false], slot);
        return
        [
            .. from candidate in BySlot(sides[true], slot)
               where baseline.ContainsKey(candidate.Key)
               orderby candidate.Key
               select (baseline[candidate.Key], candidate.Value),
        ];
    }

    private static Dictionary<(Guid CameraId, long Slot), Judged> BySlot(IEnumerable<TrialMark> marks, TimeSpan slot) => marks
        .GroupBy(mark => (mark.CameraId, (mark.FrameTime - DateTimeOffset.UnixEpoch).Ticks / slot.Ticks))
        .ToDictionary(group => group.Key, Count);

    private static Judged Count(IEnumerable<TrialMark> marks) =>
        Sum(marks.Select(mark => new Judged(mark.Verdict == DetectionVerdict.FalsePositive ? 1 : 0, 1)));

    private static Judged Sum(IEnumerable<Judged> all) =>
        all.Aggregate(new Judged(0, 0), (sum, next) => new(sum.False + next.False, sum.All + next.All));

    /// <summary>False ones among all that were judged.</summary>
    private readonly record struct Judged(long False, long All)
    {
        // Where nobody said anything there is nothing to say, which is not the same as nothing wrong.
        public double? Share => All > 0 ? 100.0 * False / All : null;
    }
}
