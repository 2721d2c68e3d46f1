using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Rollouts;

/// <summary>What a rollout must look like to be begun, and the deployment that it brings. Pure.</summary>
internal static class RolloutPolicy
{
    private const int MostSteps = 50;
    private const int MostDecisions = 200;
    private const int LongestSeconds = 7 * 24 * 3600;

    /// <summary>What is wrong with it by itself, or null.</summary>
    public static Refusal? Judge(Guid key, Rollout rollout) => Refusal.First(
        Field.Key(key, rollout.Id),
        Field.Whole("progress_deadline_seconds", rollout.ProgressDeadlineSeconds, 10, 86_400),
        Field.Whole("keeps_warm_seconds", rollout.KeepsWarmSeconds, 0, LongestSeconds),
        Field.Whole("compare_slot_seconds", rollout.CompareSlotSeconds, 0, 600),
        Lists(rollout)) ?? Refusal.First(
        Refusal.First([.. rollout.Steps.Select(Step)]),
        rollout.IsRollback && (rollout.Analysis.Length > 0 || rollout.Steps.Any(step => step.Metrics.Length > 0))
            ? Refusal.Invalid("analysis", "What brings a version back is not measured: leave the metrics out.")
            : null,
        rollout.Analysis.Length == 0 ? null : AnalysisCheck.Judge("analysis", rollout.Analysis));

    // Read from outside: lists may be null, and so may one of their members.
    private static Refusal? Lists(Rollout rollout)
    {
        if (rollout.Steps is not { Length: > 0 and <= MostSteps } steps)
        {
            return Refusal.Invalid("steps", $"steps has {rollout.Steps?.Length ?? 0} steps; from 1 to {MostSteps} are possible.");
        }

        if (Array.FindIndex(steps, step => step?.Metrics is null) is >= 0 and var place)
        {
            return Refusal.Invalid($"steps[{place}]", $"steps[{place}] must be a step, and its metrics a list: leave them out where it has none.");
        }

        return rollout.Analysis is null
            ? Refusal.Invalid("analysis", "analysis must not be null: leave it out where nothing is measured beside all steps.")
            : null;
    }

    /// <summary>What is wrong with it given what it names, or null.</summary>
    /// <param name="rollout">The rollout, itself in order.</param>
    /// <param name="stable">What its stable deployment's id names, or null.</param>
    /// <param name="model">What its model id names, or null.</param>
    /// <param name="open">A rollout that has the stable deployment already, or null.</param>
    public static Refusal? Judge(Rollout rollout, Deployment? stable, AiModel? model, Guid? open) => (stable, model, open) switch
    {
        (null, _, _) => Refusal.NotFound("deployment_id", $"There is no deployment {rollout.StableDeploymentId:D}."),
        (_, null, _) => Refusal.NotFound("model_id", $"There is no model {rollout.CandidateModelId:D}."),
        (_, _, { } other) => Refusal.Conflict(
            "deployment_id", $"Deployment '{stable.DeploymentName}' is in rollout {other:D}: promote it or roll it back first."),
        ({ DeploymentStatus: not DeploymentStatus.Active }, _, _) => Refusal.Conflict(
            "deployment_id", $"Deployment '{stable.DeploymentName}' is {stable.DeploymentStatus}: only what is active can be followed by another version."),
        ({ DeploymentStrategy: DeploymentStrategy.OnDemand }, _, _) => Refusal.Conflict(
            "deployment_id",
            $"Deployment '{stable.DeploymentName}' is on_demand and has no cameras to bring over: have it follow an alias, or make another one."),
        _ when stable.ModelId == model.Id => Refusal.Invalid(
            "model_id", $"Deployment '{stable.DeploymentName}' runs {model.Name} {model.Version} already."),
        _ => null,
    };

    /// <summary>Whether both ask for the same, however far it is.</summary>
    public static bool Same(Rollout left, Rollout right) =>
        left.StableDeploymentId == right.StableDeploymentId && left.CandidateModelId == right.CandidateModelId
        && left.IsRollback == right.IsRollback && left.StartsAt.Stored() == right.StartsAt.Stored() && left.PromotesItself == right.PromotesItself
        && left.ProgressDeadlineSeconds == right.ProgressDeadlineSeconds && left.KeepsWarmSeconds == right.KeepsWarmSeconds
        && left.CompareSlotSeconds == right.CompareSlotSeconds
        && JsonText.From(left.Steps) == JsonText.From(right.Steps) && JsonText.From(left.Analysis) == JsonText.From(right.Analysis);

    /// <summary>The candidate: the stable deployment at another version. A trial is followed by a trial.</summary>
    public static Deployment Candidate(Rollout rollout, Deployment stable, AiModel model) => stable with
    {
        Id = rollout.Id,
        ModelId = model.Id,
        DeploymentType = DeploymentPolicy.IsTrial(stable.DeploymentType) ? stable.DeploymentType : DeploymentType.Canary,
        DeploymentStrategy = DeploymentStrategy.Immediate,
        ScheduledStartTime = null,
        BatchSize = Math.Min(stable.BatchSize, model.BatchSizeMax ?? int.MaxValue),
        PreviousDeploymentId = stable.Id,
        RollbackModelId = stable.ModelId,
        ModelAlias = null,
        ApiKey = null,
        DeployedBy = rollout.CreatedBy,
    };

    /// <summary>How the machine takes it.</summary>
    public static RolloutSettings SettingsOf(Rollout rollout) => new()
    {
        Steps = rollout.Steps,
        StartsAt = rollout.StartsAt,
        PromotesItself = rollout.PromotesItself,
        ProgressDeadline = TimeSpan.FromSeconds(rollout.ProgressDeadlineSeconds),
        KeepsWarm = TimeSpan.FromSeconds(rollout.KeepsWarmSeconds),
    };

    /// <summary>The row after it has come further.</summary>
    public static Rollout Advance(Rollout rollout, RolloutDecision decision) => rollout with
    {
        Progress = decision.Progress,
        UpdatedAt = decision.At,
        Decisions = [.. rollout.Decisions.TakeLast(MostDecisions - 1), decision],
    };

    private static Refusal? Step(RolloutStep step, int index)
    {
        var field = $"steps[{index}]";
        return step.Kind switch
        {
            RolloutStepKind.SetWeight => Field.Whole($"{field}.weight", step.Weight, 0, 100),
            RolloutStepKind.Pause => Field.Whole($"{field}.duration_seconds", step.DurationSeconds, 1, LongestSeconds),
            RolloutStepKind.Analysis => AnalysisCheck.Judge($"{field}.metrics", step.Metrics),
            RolloutStepKind.Shadow => Field.Whole($"{field}.weight", step.Weight, 0, 100),
            _ => Field.Named($"{field}.kind", step.Kind),
        };
    }
}
