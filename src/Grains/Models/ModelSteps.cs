using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Takes a step of <see cref="ModelLifecycle"/>: judges it and makes the row that follows. Pure.</summary>
internal static class ModelSteps
{
    /// <summary>Longest comment.</summary>
    public const int CommentLength = 4000;

    /// <summary>Why the step cannot be taken, or null.</summary>
    /// <param name="model">The version.</param>
    /// <param name="step">What is asked.</param>
    /// <param name="uses">Where it is at work.</param>
    public static Refusal? Judge(AiModel model, TakeModelStep step, IReadOnlyList<ModelUse> uses)
    {
        if (Field.Text("comment", step.Comment, CommentLength) is { } tooLong)
        {
            return tooLong;
        }

        if (step.Step == ModelStep.SetStage)
        {
            return Stage(model, step.Stage);
        }

        if (ModelLifecycle.Find(step.Step, model.Status, model.ApprovalStatus) is not { } rule)
        {
            return Refusal.Conflict("status", NotFromHere(model, step.Step));
        }

        return Refusal.First(
            rule.NeedsComment && string.IsNullOrWhiteSpace(step.Comment)
                ? Refusal.Invalid("comment", $"Say in comment why you {Say(step.Step)} this version.")
                : null,
            rule.NeedsOthers && step.By is null ? Refusal.Conflict(null, "Only people approve a version.") : null,
            rule.NeedsOthers && step.By == model.CreatedBy
                ? Refusal.Conflict(null, "You uploaded this version: somebody else must approve it.")
                : null,
            rule.NeedsValidation && model.Validation is null
                ? Refusal.Conflict("validation", "No worker has validated this version's file: validate it, then approve.")
                : null,
            rule.NeedsIdle ? Idle(model, uses) : null);
    }

    /// <summary>The row after the step.</summary>
    /// <param name="model">The version; the step was judged.</param>
    /// <param name="step">What is done.</param>
    /// <param name="requiredApprovals">How many people must approve.</param>
    /// <param name="now">When.</param>
    public static AiModel Take(AiModel model, TakeModelStep step, int requiredApprovals, DateTimeOffset now)
    {
        var decided = model with
        {
            Decisions = [.. model.Decisions.Append(Decision(model, step, now)).TakeLast(AiModel.MostDecisions)],
            UpdatedAt = now,
            LastModifiedBy = step.By ?? model.LastModifiedBy,
        };
        if (step.Step == ModelStep.SetStage)
        {
            return decided with { LifecycleStage = step.Stage!.Value };
        }

        var rule = ModelLifecycle.Find(step.Step, model.Status, model.ApprovalStatus)!;
        if (rule.NeedsOthers && Approvers(decided).Count < requiredApprovals)
        {
            return decided;
        }

        var approval = rule.ToApproval ?? model.ApprovalStatus;
        return decided with
        {
            Status = rule.To ?? model.Status,
            ApprovalStatus = approval,
            LifecycleStage = rule.ToStage ?? model.LifecycleStage,
            ApprovedBy = approval != ApprovalStatus.Approved ? null : rule.NeedsOthers ? step.By : model.ApprovedBy,
            ApprovedAt = approval != ApprovalStatus.Approved ? null : rule.NeedsOthers ? now : model.ApprovedAt,
        };
    }

    /// <summary>
    /// Who has approved the version as it is: in this round, its configuration of now, each once.
    /// </summary>
    public static IReadOnlyList<Guid> Approvers(AiModel model)
    {
        var begin = Array.FindLastIndex(model.Decisions, decision => EndsRound(decision.Step));
        return
        [
            .. model.Decisions[(begin + 1)..]
                .Where(decision => decision.Step == ModelStep.Approve && decision.ConfigurationRevision == model.ConfigurationRevision)
                .Select(decision => decision.By!.Value)
                .Distinct(),
        ];
    }

    /// <summary>Whether the step was taken by this person already.</summary>
    public static bool IsTaken(AiModel model, TakeModelStep step) => step.Step switch
    {
        ModelStep.Approve when model.ApprovalStatus == ApprovalStatus.Pending => step.By is { } by && Approvers(model).Contains(by),
        ModelStep.SetStage => step.Stage == model.LifecycleStage,
        _ => ModelLifecycle.IsTaken(step.Step, model),
    };

    private static bool EndsRound(ModelStep step) =>
        step is ModelStep.Reject or ModelStep.RequestReview or ModelStep.Resubmit or ModelStep.Restore;

    private static Refusal? Stage(AiModel model, LifecycleStage? stage)
    {
        if (stage is not { } asked)
        {
            return Refusal.Invalid("lifecycle_stage", "lifecycle_stage is missing.");
        }

        if (Field.Named("lifecycle_stage", asked) is { } unknown)
        {
            return unknown;
        }

        if (ModelLifecycle.Stages.FirstOrDefault(rule => rule.From == model.LifecycleStage && rule.To == asked) is not { } found)
        {
            var next = ModelLifecycle.Stages.Where(rule => rule.From == model.LifecycleStage).Select(rule => Spell(rule.To));
            return Refusal.Conflict(
                "lifecycle_stage", $"From {Spell(model.LifecycleStage)} the stage can become {string.Join(" or ", next)}, not {Spell(asked)}.");
        }

        return found.Status.Contains(model.Status)
            ? null
            : Refusal.Conflict(
                "lifecycle_stage",
                $"The stage {Spell(asked)} needs the status {string.Join(" or ", found.Status.Select(Spell))}; this version is {Spell(model.Status)}.");
    }

    private static Refusal? Idle(AiModel model, IReadOnlyList<ModelUse> uses)
    {
        const int Named = 5;
        var live = uses.Where(use => use.IsLive).ToArray();
        return live.Length == 0
            ? null
            : Refusal.Conflict(
                "status",
                $"{model.Name} {model.Version} is at work: {string.Join("; ", live.Take(Named).Select(Describe))}"
                + $"{(live.Length > Named ? $"; and {live.Length - Named} more" : "")}. End these deployments first.");
    }

    /// <summary>A use in words: <c>deployment 'gate' on site 'North'</c>.</summary>
    public static string Describe(ModelUse use) =>
        $"deployment '{use.DeploymentName}' on site '{use.SiteName}'{(use.IsRollback ? " would go back to it" : "")}";

    private static ModelDecision Decision(AiModel model, TakeModelStep step, DateTimeOffset now) => new()
    {
        Step = step.Step,
        By = step.By,
        Comment = string.IsNullOrWhiteSpace(step.Comment) ? null : step.Comment,
        At = now,
        ConfigurationRevision = model.ConfigurationRevision,
    };

    private static string NotFromHere(AiModel model, ModelStep step)
    {
        var open = ModelLifecycle.Open(model.Status, model.ApprovalStatus);
        return $"You cannot {Say(step)} a version that is {Spell(model.Status)} with approval {Spell(model.ApprovalStatus)}."
            + $" Possible are: {string.Join(", ", open.Select(Spell))}.";
    }

    private static string Say(ModelStep step) => Spell(step).Replace('_', ' ');

    private static string Spell<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
