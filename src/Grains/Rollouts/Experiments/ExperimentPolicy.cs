using System.Globalization;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>What an experiment must look like to be begun, and the rollout that it is. Pure.</summary>
internal static class ExperimentPolicy
{
    private const int MostMetrics = 5;
    private const int MostSlots = 1_000_000;
    private const int LongestSeconds = 60 * 24 * 3600;

    /// <summary>What is wrong with it by itself, or null. The rest its rollout judges.</summary>
    public static Refusal? Judge(Guid key, Experiment experiment)
    {
        var plan = experiment.Plan;
        return Refusal.First(
            Field.Key(key, experiment.Id),
            Field.Required("name", experiment.Name, 255),
            Field.Whole("weight", plan.Weight, 0, 99),
            Field.Whole("shadow", plan.Shadow, 0, 100),
            plan.Weight + plan.Shadow > 0
                ? null
                : Refusal.Invalid("weight", "B looks at no camera: give it some by weight, or have it look along unseen by shadow."),
            Field.Real("alpha", plan.Alpha, 0.0001, 0.2),
            Field.Whole("minimum_slots", plan.MinimumSlots, 20, MostSlots),
            Field.Whole("tightest_at_slots", plan.TightestAtSlots, 20, MostSlots),
            Field.Whole("slot_seconds", plan.SlotSeconds, 10, 600),
            Field.Whole("longest_seconds", plan.LongestSeconds, 600, LongestSeconds),
            Field.Whole("shortest_seconds", plan.ShortestSeconds, 0, plan.LongestSeconds),
            Field.Named("on_verdict", plan.OnVerdict),
            Judge(plan.Metrics),
            plan.Analysis is null ? Refusal.Invalid("analysis", "analysis must not be null: leave it out to have no guards.") : null);
    }

    /// <summary>Whether both ask for the same, however far it is.</summary>
    public static bool Same(Experiment left, Experiment right) =>
        left.DeploymentId == right.DeploymentId && left.ModelId == right.ModelId && left.Name == right.Name.Trim()
        && JsonText.From(left.Plan) == JsonText.From(right.Plan);

    /// <summary>Its rollout: the split, and then nothing until somebody says how it ends. Never promotes by itself.</summary>
    public static Rollout RolloutOf(Experiment experiment) => new()
    {
        Id = experiment.Id,
        StableDeploymentId = experiment.DeploymentId,
        CandidateModelId = experiment.ModelId,
        Steps =
        [
            .. experiment.Plan.Weight > 0 ? [new() { Kind = RolloutStepKind.SetWeight, Weight = experiment.Plan.Weight }] : Array.Empty<RolloutStep>(),
            .. experiment.Plan.Shadow > 0 ? [new() { Kind = RolloutStepKind.Shadow, Weight = experiment.Plan.Shadow }] : Array.Empty<RolloutStep>(),
            new() { Kind = RolloutStepKind.Pause },
        ],
        Analysis = experiment.Plan.Analysis,
        PromotesItself = false,
        CompareSlotSeconds = experiment.Plan.SlotSeconds,
        CreatedBy = experiment.CreatedBy,
    };

    // Read from outside: it may be null, and so may one of them.
    private static Refusal? Judge(ExperimentMetric?[]? metrics)
    {
        if (metrics is not { Length: > 0 and <= MostMetrics })
        {
            return Refusal.Invalid("metrics", $"An experiment compares 1 to {MostMetrics} metrics, not {metrics?.Length ?? 0}.");
        }

        var seen = new HashSet<AnalysisMeasure>();
        return metrics.Select((metric, i) => Judge($"metrics[{i}]", metric, seen)).FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal? Judge(string field, ExperimentMetric? metric, HashSet<AnalysisMeasure> seen) => metric switch
    {
        null => Refusal.Invalid(field, $"{field} must be a metric and not null."),
        _ when Field.Named($"{field}.measure", metric.Measure) is { } unknown => unknown,
        _ when !AnalysisMeasures.Of(metric.Measure).HasBaseline =>
            Refusal.Invalid($"{field}.measure", $"{field}.measure compares both versions already and says of neither that it is better."),
        { Measure: AnalysisMeasure.FalsePositiveMarks } => Refusal.Invalid(
            $"{field}.measure",
            $"{field}.measure comes of what people say later and of what they choose to look at: it cannot be counted slot by slot."),
        _ when !seen.Add(metric.Measure) => Refusal.Invalid($"{field}.measure", $"{field}.measure is compared already: leave one out."),
        { MinimumEffect: not (> 0 and < 1e9) } => Refusal.Invalid(
            $"{field}.minimum_effect",
            string.Create(CultureInfo.InvariantCulture, $"{field}.minimum_effect is {metric.MinimumEffect}; it must be above 0 and below 1000000000.")),
        _ => null,
    };
}
