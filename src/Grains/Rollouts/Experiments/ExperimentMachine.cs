using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>
/// The way of one experiment: from its row, and what is seen of its rollout and cameras, to the row after it. Pure. What was counted and up to
/// when stand in the same row, so that a silo that dies counts no pair twice.
/// </summary>
internal static class ExperimentMachine
{
    // What one look counts at most; what is left the next one does.
    private const int MostSlots = 30;

    // How long after a slot its rows are waited for; what comes later does not count.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>The row at its beginning.</summary>
    public static Experiment Start(Experiment wanted, Guid siteId, DateTimeOffset now) => wanted with
    {
        Name = wanted.Name.Trim(),
        SiteId = siteId,
        Progress = new() { Since = now, Reason = "The split is being made." },
        Standing = Nothing(wanted.Plan),
        IsSettled = false,
        CreatedAt = now,
    };

    /// <summary>What follows from where its rollout is; the row as it was where nothing does.</summary>
    public static Experiment Look(Experiment row, Rollout rollout, DateTimeOffset now) => (row.Progress.Phase, rollout.Progress.Phase) switch
    {
        (not (ExperimentPhase.Pending or ExperimentPhase.Running), _) => row,
        (_, RolloutPhase.Promoting or RolloutPhase.Succeeded) =>
            End(row, ExperimentPhase.Overtaken, ExperimentVerdict.None, $"The rollout was promoted without a verdict: {rollout.Progress.Reason}", now),
        (_, RolloutPhase.RollingBack or RolloutPhase.RolledBack) =>
            End(row, ExperimentPhase.Overtaken, ExperimentVerdict.None, $"The rollout went back without a verdict: {rollout.Progress.Reason}", now),
        (ExperimentPhase.Pending, RolloutPhase.Progressing) when rollout.Progress.Step >= rollout.Steps.Length - 1 => row with
        {
            Progress = row.Progress with { Phase = ExperimentPhase.Running, Since = now, StartedAt = now, Reason = "The split is as declared." },
            Standing = row.Standing with { MeasuredUntil = RolloutAnalysis.Ceiling(now, row.Plan.SlotSeconds) },
        },
        _ => row,
    };

    /// <summary>Its rollout cannot be begun at all.</summary>
    public static Experiment Refuse(Experiment row, string why, DateTimeOffset now) =>
        End(row, ExperimentPhase.Overtaken, ExperimentVerdict.None, $"The rollout could not begin: {why}", now);

    /// <summary>A person ends it.</summary>
    /// <exception cref="FleetRefusedException">It is over.</exception>
    public static Experiment Stop(Experiment row, string why, Guid? by, DateTimeOffset now)
    {
        if (row.Progress.Phase is not (ExperimentPhase.Pending or ExperimentPhase.Running))
        {
            throw Refusal.Conflict(
                null, $"The experiment is {row.Progress.Phase}: what is left is its rollout {row.Id:D}, to promote or to roll back.").ToException();
        }

        var ended = End(row, ExperimentPhase.Stopped, ExperimentVerdict.None, why, now);
        return ended with { Progress = ended.Progress with { StoppedBy = by } };
    }

    /// <summary>The slots that are to be counted now; null where there are none.</summary>
    /// <param name="row">The row.</param>
    /// <param name="rolloutSlotSeconds">How long the slots are in which workers measure: as long as the plan's, or shorter.</param>
    /// <param name="now">Now.</param>
    public static (DateTimeOffset From, DateTimeOffset Until)? Span(Experiment row, int rolloutSlotSeconds, DateTimeOffset now)
    {
        if (row.Progress.Phase != ExperimentPhase.Running || row.Standing.MeasuredUntil is not { } from)
        {
            return null;
        }

        var settled = RolloutAnalysis.Floor(now - Settling - TimeSpan.FromSeconds(rolloutSlotSeconds), row.Plan.SlotSeconds);
        var most = from.AddSeconds(MostSlots * row.Plan.SlotSeconds);
        var until = settled < most ? settled : most;
        return until > from ? (from, until) : null;
    }

    /// <summary>The row where its site is being worked on: slots until then are counted by nobody.</summary>
    public static Experiment PassOver(Experiment row, DateTimeOffset now) =>
        row.Progress.Phase == ExperimentPhase.Running && RolloutAnalysis.Ceiling(now, row.Plan.SlotSeconds) is var next && next > row.Standing.MeasuredUntil
            ? row with { Standing = row.Standing with { MeasuredUntil = next } }
            : row;

    /// <summary>The row with these slots counted, and its end where that follows.</summary>
    /// <param name="row">The row.</param>
    /// <param name="samples">All of the slots of <see cref="Span"/>.</param>
    /// <param name="until">Their end.</param>
    /// <param name="now">Now.</param>
    public static Experiment Count(Experiment row, IReadOnlyList<TrialSample> samples, DateTimeOffset until, DateTimeOffset now)
    {
        var slot = TimeSpan.FromSeconds(row.Plan.SlotSeconds);
        var tallies = row.Plan.Metrics.Select((metric, i) => TrialMeasurer.Slots(metric.Measure, samples, row.Id, slot).Aggregate(
            row.Standing.Results[i].Tally,
            (tally, pairs) => tally.With(pairs.Average(pair => pair.Baseline), pairs.Average(pair => pair.Candidate), pairs.Count)));
        var results = Judge(row.Plan, [.. tallies]);
        var verdict = Verdict(row.Plan, results, until - row.Progress.StartedAt!.Value);
        var sentence = ExperimentText.Say(row.Plan, verdict, results);
        var counted = row with { Standing = new() { Results = results, MeasuredUntil = until, Sentence = sentence } };
        return verdict == ExperimentVerdict.None ? counted : End(counted, ExperimentPhase.Concluded, verdict, sentence, now);
    }

    /// <summary>What its rollout is to be told once it is over; null: nothing.</summary>
    public static RolloutCommand? Consequence(Experiment row) => (row.Progress.Phase, row.Plan.OnVerdict, row.Progress.Verdict) switch
    {
        (ExperimentPhase.Stopped, _, _) => RolloutCommand.RollBack,
        (ExperimentPhase.Concluded, ExperimentConsequence.KeepA, _) => RolloutCommand.RollBack,
        (ExperimentPhase.Concluded, ExperimentConsequence.PromoteWinner, ExperimentVerdict.BIsBetter) => RolloutCommand.Promote,
        (ExperimentPhase.Concluded, ExperimentConsequence.PromoteWinner, _) => RolloutCommand.RollBack,
        _ => null,
    };

    // What is worse is worse at once. The rest waits until what the hours of a day bring was seen.
    private static ExperimentVerdict Verdict(ExperimentPlan plan, ExperimentResult[] results, TimeSpan lasted) => ExperimentJudge.Verdict(results) switch
    {
        ExperimentVerdict.BIsWorse => ExperimentVerdict.BIsWorse,
        _ when lasted < TimeSpan.FromSeconds(plan.ShortestSeconds) => ExperimentVerdict.None,
        ExperimentVerdict.None when lasted >= TimeSpan.FromSeconds(plan.LongestSeconds) => ExperimentVerdict.Undecided,
        var verdict => verdict,
    };

    private static ExperimentResult[] Judge(ExperimentPlan plan, ExperimentTally[] tallies) =>
        [.. plan.Metrics.Select((metric, i) => ExperimentJudge.Judge(plan, metric, tallies[i]))];

    private static ExperimentStanding Nothing(ExperimentPlan plan)
    {
        var results = Judge(plan, [.. plan.Metrics.Select(_ => ExperimentTally.Empty)]);
        return new() { Results = results, Sentence = ExperimentText.Say(plan, ExperimentVerdict.None, results) };
    }

    private static Experiment End(Experiment row, ExperimentPhase phase, ExperimentVerdict verdict, string why, DateTimeOffset now) => row with
    {
        Progress = row.Progress with { Phase = phase, Verdict = verdict, Since = now, Reason = why },
    };
}
