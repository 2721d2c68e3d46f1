using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>The analyses of a rollout: when they begin and end, which samples count, and what they say to it. Pure.</summary>
internal static class RolloutAnalysis
{
    /// <summary>Cameras of the candidate that the stable deployment looks at too where versions are compared: enough to tell.</summary>
    public const int PairedCameras = 8;

    private const string Worked = "the site was being worked on";

    private const int ShortestSlot = 1;
    private const int LongestSlot = 600;
    private const int SlotWithoutInterval = 60;

    // A measurement rests on some slots, so that its pairs have a spread.
    private const int SlotsPerInterval = 4;

    // As much as can be read at once for a thousand cameras.
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(1);

    /// <summary>How long after a slot its row is there: workers write a quarter of a second after its end.</summary>
    public static TimeSpan Settling { get; } = TimeSpan.FromMilliseconds(750);

    /// <summary>What is measured beside all steps.</summary>
    public static IReadOnlyList<AnalysisMetric> Background(Rollout rollout, Deployment stable) => rollout.IsRollback
        ? []
        : [.. rollout.Analysis, .. RolloutThresholds.Of(stable).Where(own => !rollout.Analysis.Any(metric => IsNamed(metric, own.Name)))];

    /// <summary>How long the slots of a rollout are, in seconds; 0 where it measures nothing.</summary>
    public static int SlotSeconds(Rollout rollout, Deployment stable)
    {
        AnalysisMetric[] all = [.. Background(rollout, stable), .. rollout.Steps.SelectMany(step => step.Metrics)];
        var compared = rollout.CompareSlotSeconds;
        if (all.Length == 0)
        {
            return compared;
        }

        var longest = all.Min(metric => metric.IntervalSeconds is { } interval
            ? Math.Clamp(interval / SlotsPerInterval, ShortestSlot, LongestSlot)
            : Math.Clamp(metric.InitialDelaySeconds / SlotsPerInterval, ShortestSlot, SlotWithoutInterval));
        return compared > 0 && compared <= longest
            ? compared
            : Fitting(longest, [.. all.Select(metric => metric.IntervalSeconds ?? 0), compared]);
    }

    // Where slots fill every span, a measurement is taken as soon as its interval is over and not up to a slot later. Where none does that
    // is half as long at least, there would be too many of them.
    private static int Fitting(int longest, int[] spans) => Enumerable
        .Range(0, longest - (longest / 2)).Select(less => longest - less)
        .FirstOrDefault(slot => Array.TrueForAll(spans, span => span % slot == 0), longest);

    /// <summary>Whether anything is measured of both versions on the same frames now.</summary>
    public static bool Compares(Rollout rollout) =>
        (rollout.CompareSlotSeconds > 0 && rollout.Progress.Phase == RolloutPhase.Progressing)
        || Running(rollout).SelectMany(run => run.Metrics).Any(Compares)
        || (StepOf(rollout)?.Metrics ?? []).Any(Compares);

    /// <summary>
    /// The row with the analyses that its progress asks for: begun where a step begins or the candidate has its first camera, ended where
    /// the rollout went on without them.
    /// </summary>
    public static Rollout Prepare(Rollout rollout, Deployment stable, DateTimeOffset now) => rollout with
    {
        StepRun = StepRun(rollout, now),
        BackgroundRun = BackgroundRun(rollout, stable, now),
    };

    /// <summary>From when on samples are needed for what is due now; null where nothing is.</summary>
    public static DateTimeOffset? NeedsFrom(Rollout rollout, DateTimeOffset now)
    {
        DateTimeOffset[] spans =
        [
            .. from run in Running(rollout)
               from metric in Due(rollout, run, now)
               select From(rollout, run, metric, now),
        ];
        return spans.Length == 0 ? null : spans.Min();
    }

    /// <summary>When the next measurement can be taken; null where none can.</summary>
    public static DateTimeOffset? NextDue(Rollout rollout, DateTimeOffset now) => IsHalted(rollout)
        ? null
        : Running(rollout).SelectMany(run => run.Metrics.Select(metric => DueAt(rollout, run, metric, now))).Min();

    /// <summary>Whether what people say of detections is needed for what is due now.</summary>
    public static bool NeedsMarks(Rollout rollout, DateTimeOffset now) =>
        Running(rollout).SelectMany(run => Due(rollout, run, now)).Any(metric => metric.Measure == AnalysisMeasure.FalsePositiveMarks);

    /// <summary>The end of the last slot of which all is there.</summary>
    public static DateTimeOffset Until(Rollout rollout, DateTimeOffset now) => Floor(now - Settling, rollout.SlotSeconds);

    /// <summary>The row with what is due measured.</summary>
    /// <param name="rollout">The row.</param>
    /// <param name="samples">From <see cref="NeedsFrom"/> until <see cref="Until"/>.</param>
    /// <param name="marks">What was said in the same time; none where <see cref="NeedsMarks"/> says no.</param>
    /// <param name="now">Now.</param>
    public static Rollout Measure(
        Rollout rollout, IReadOnlyList<TrialSample> samples, IReadOnlyList<TrialMark> marks, DateTimeOffset now) => rollout with
        {
            StepRun = Measure(rollout, rollout.StepRun, samples, marks, now),
            BackgroundRun = Measure(rollout, rollout.BackgroundRun, samples, marks, now),
        };

    /// <summary>When the slot of a time began.</summary>
    public static DateTimeOffset Floor(DateTimeOffset time, int seconds)
    {
        var slot = TimeSpan.FromSeconds(seconds).Ticks;
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return DateTimeOffset.UnixEpoch.AddTicks(ticks - (ticks % slot));
    }

    /// <summary>When the first slot begins that is not before a time.</summary>
    public static DateTimeOffset Ceiling(DateTimeOffset time, int seconds) =>
        Floor(time + TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1), seconds);

    /// <summary>What the analysis of the step says.</summary>
    public static RolloutVerdict OfStep(Rollout rollout, Deployment stable) =>
        rollout.StepRun is { } run && IsOfStep(rollout, run) ? Verdict(run, stable, RolloutAdvice.Advance) : RolloutVerdict.Undecided;

    /// <summary>What the analysis beside all steps says.</summary>
    public static RolloutVerdict OfBackground(Rollout rollout, Deployment stable) =>
        rollout.BackgroundRun is { } run ? Verdict(run, stable, RolloutAdvice.Wait) : RolloutVerdict.Undecided;

    /// <summary>The analysis whose verdict a decision gives as its reason, or null.</summary>
    public static AnalysisRun? Behind(Rollout rollout, Deployment stable, RolloutProgress next) =>
        next.Reason == OfBackground(rollout, stable).Why ? rollout.BackgroundRun
        : next.Reason == OfStep(rollout, stable).Why ? rollout.StepRun
        : null;

    private static AnalysisRun? StepRun(Rollout rollout, DateTimeOffset now)
    {
        var step = StepOf(rollout);
        if (step is { Kind: RolloutStepKind.Analysis } && (rollout.StepRun is null || !IsOfStep(rollout, rollout.StepRun)))
        {
            return AnalysisMachine.Start(step.Metrics, now);
        }

        return step is { Kind: RolloutStepKind.Analysis } || rollout.Progress.Hold != RolloutHold.None || rollout.StepRun is not { } run
            ? rollout.StepRun
            : AnalysisMachine.Stop(run, "the rollout moved on", now);
    }

    private static AnalysisRun? BackgroundRun(Rollout rollout, Deployment stable, DateTimeOffset now)
    {
        if (rollout.Progress.Phase is not (RolloutPhase.Progressing or RolloutPhase.Promoting))
        {
            return rollout.BackgroundRun is { } over ? AnalysisMachine.Stop(over, "the rollout is over", now) : null;
        }

        // What cameras do that are worked on counts in no measurement, before or after.
        if (rollout.Progress.Hold == RolloutHold.Maintenance && rollout.BackgroundRun is { } interrupted)
        {
            return AnalysisMachine.Stop(interrupted, Worked, now);
        }

        // Somebody looked at what was held up, and had it go on.
        var again = rollout.BackgroundRun is { Finished: { } finished } ended && (ended.Phase != AnalysisPhase.Successful || IsInterrupted(ended))
            && rollout.Progress.Hold == RolloutHold.None && rollout.Progress.Since >= finished;
        if (rollout.BackgroundRun is not null && !again)
        {
            return rollout.BackgroundRun;
        }

        var metrics = Background(rollout, stable);
        return metrics.Count > 0 && Sees(rollout) ? AnalysisMachine.Start(metrics, now) : rollout.BackgroundRun;
    }

    private static AnalysisRun? Measure(
        Rollout rollout, AnalysisRun? run, IReadOnlyList<TrialSample> samples, IReadOnlyList<TrialMark> marks, DateTimeOffset now)
    {
        if (run is null)
        {
            return null;
        }

        var until = Until(rollout, now);
        var observed = Due(rollout, run, now).ToDictionary(metric => metric.Name, metric =>
        {
            var from = From(rollout, run, metric, now);
            var seen = samples.Where(sample => sample.Start >= from && sample.Start < until).ToList();
            var observation = metric.Measure == AnalysisMeasure.FalsePositiveMarks
                ? MarkMeasurer.Observe(
                    metric, seen, [.. marks.Where(mark => mark.MarkedAt >= from && mark.MarkedAt < until)], rollout.SlotSeconds, rollout.Id, from)
                : TrialMeasurer.Observe(metric, seen, rollout.Id, from);
            return observation with { Finished = until + Settling };
        });
        return observed.Count == 0 ? run : AnalysisMachine.Take(run, observed, now);
    }

    private static IEnumerable<AnalysisMetric> Due(Rollout rollout, AnalysisRun run, DateTimeOffset now) =>
        IsHalted(rollout) ? [] : run.Metrics.Where(metric => DueAt(rollout, run, metric, now) <= now);

    private static bool IsHalted(Rollout rollout) => rollout.Progress.Hold is RolloutHold.Frozen or RolloutHold.Maintenance;

    // A first measurement rests on as much time as every other one. Null: the metric ended.
    private static DateTimeOffset? DueAt(Rollout rollout, AnalysisRun run, AnalysisMetric metric, DateTimeOffset now)
    {
        if (ResultOf(run, metric).NextDue is not { } due)
        {
            return null;
        }

        var isFirst = metric.IntervalSeconds >= rollout.SlotSeconds && LastOf(run, metric) is null;
        var seconds = isFirst ? metric.IntervalSeconds!.Value / rollout.SlotSeconds * rollout.SlotSeconds : rollout.SlotSeconds;
        var whole = From(rollout, run, metric, now) + TimeSpan.FromSeconds(seconds) + Settling;
        return due > whole ? due : whole;
    }

    private static DateTimeOffset? LastOf(AnalysisRun run, AnalysisMetric metric) =>
        ResultOf(run, metric).Measurements.LastOrDefault(measurement => measurement.Phase != AnalysisPhase.Error)?.Finished;

    private static MetricResult ResultOf(AnalysisRun run, AnalysisMetric metric) => run.Results.Single(result => IsNamed(metric, result.Name));

    // What was measured once is not measured twice; what was there before the analysis is none of its business.
    private static DateTimeOffset From(Rollout rollout, AnalysisRun run, AnalysisMetric metric, DateTimeOffset now)
    {
        var from = LastOf(run, metric) is { } finished
            ? Floor(finished - Settling, rollout.SlotSeconds)
            : Ceiling(run.Started, rollout.SlotSeconds);
        return from > now - LongestSpan ? from : Floor(now - LongestSpan, rollout.SlotSeconds);
    }

    private static RolloutVerdict Verdict(AnalysisRun run, Deployment stable, RolloutAdvice whenWell) => run.Phase switch
    {
        AnalysisPhase.Successful => new(whenWell, Sentence(run)),
        AnalysisPhase.Inconclusive => new(RolloutAdvice.Hold, Sentence(run)),
        AnalysisPhase.Failed or AnalysisPhase.Error => stable.RollbackEnabled
            ? new(RolloutAdvice.RollBack, Sentence(run))
            : new(RolloutAdvice.Hold, $"{Sentence(run)} The deployment is not rolled back by itself (rollback_enabled): somebody has to decide."),
        _ => RolloutVerdict.Undecided,
    };

    private static string Sentence(AnalysisRun run) =>
        run.DecidedBy is { } metric ? $"Metric '{metric}' {run.Message}." : $"The analysis was successful: {Measured(run)}.";

    private static string Measured(AnalysisRun run) => string.Join(
        "; ", run.Results.Where(result => !result.DryRun && result.Measurements.Length > 0).Select(result => result.Measurements[^1].Message));

    private static IEnumerable<AnalysisRun> Running(Rollout rollout)
    {
        AnalysisRun?[] both = [rollout.BackgroundRun, rollout.StepRun];
        return both.OfType<AnalysisRun>().Where(run => !HasEnded(run));
    }

    private static RolloutStep? StepOf(Rollout rollout) =>
        rollout.Progress.Phase == RolloutPhase.Progressing && rollout.Progress.Hold == RolloutHold.None && rollout.Progress.Step < rollout.Steps.Length
            ? rollout.Steps[rollout.Progress.Step]
            : null;

    private static bool IsOfStep(Rollout rollout, AnalysisRun run) => run.Started >= rollout.Progress.Since;

    private static bool Sees(Rollout rollout) =>
        rollout.Progress.Weight == 100 || rollout.CandidateCameras.Length + rollout.ShadowCameras.Length > 0;

    private static bool IsInterrupted(AnalysisRun run) => run.Message?.StartsWith(Worked, StringComparison.Ordinal) is true;

    private static bool HasEnded(AnalysisRun run) => MetricMachine.HasEnded(run.Phase);

    private static bool Compares(AnalysisMetric metric) =>
        metric.Compare == AnalysisComparison.Difference || !AnalysisMeasures.Of(metric.Measure).HasBaseline;

    private static bool IsNamed(AnalysisMetric metric, string name) => string.Equals(metric.Name, name, StringComparison.OrdinalIgnoreCase);

}
