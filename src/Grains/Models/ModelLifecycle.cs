using static OrleansAiFleet.Models.ApprovalStatus;
using static OrleansAiFleet.Models.ModelStatus;

namespace OrleansAiFleet.Models;

/// <summary>
/// The life of a model version as one table: which step may be taken from where, what it needs and where it leads. Pure. What a step
/// does not name stays as it is.
/// </summary>
internal static class ModelLifecycle
{
    private static readonly ModelStatus[] InWork = [Development, ModelStatus.Training, Testing, Validation];
    private static readonly ModelStatus[] Judged = [Development, Testing, Validation];
    private static readonly ApprovalStatus[] AnyApproval = Enum.GetValues<ApprovalStatus>();

    /// <summary>One line per step; a step with several lines takes the first that fits.</summary>
    public static IReadOnlyList<StepRule> Rules { get; } =
    [
        new(ModelStep.StartTraining, [Development], AnyApproval, ModelStatus.Training),
        new(ModelStep.StartTesting, [Development, ModelStatus.Training], AnyApproval, Testing),
        new(ModelStep.StartValidation, [Testing], AnyApproval, Validation),
        new(ModelStep.ReturnToDevelopment, [ModelStatus.Training, Testing, Validation], AnyApproval, Development),
        new(ModelStep.Approve, Judged, [Pending], ModelStatus.Approved, ApprovalStatus.Approved) { NeedsOthers = true, NeedsValidation = true },
        new(ModelStep.Reject, Judged, [Pending, RequiresReview], ToApproval: Rejected) { NeedsComment = true },
        new(ModelStep.RequestReview, Judged, [Pending], ToApproval: RequiresReview) { NeedsComment = true },
        new(ModelStep.RequestReview, [ModelStatus.Approved, Deprecated], [ApprovalStatus.Approved], Validation, RequiresReview) { NeedsComment = true },
        new(ModelStep.Resubmit, Judged, [RequiresReview, Rejected], ToApproval: Pending),
        new(ModelStep.Deprecate, [ModelStatus.Approved], AnyApproval, Deprecated, ToStage: LifecycleStage.Legacy) { NeedsComment = true },
        new(ModelStep.Reinstate, [Deprecated], [ApprovalStatus.Approved], ModelStatus.Approved, ToStage: LifecycleStage.Stable) { NeedsComment = true },
        new(ModelStep.Archive, [.. InWork, ModelStatus.Approved, Deprecated], AnyApproval, Archived) { NeedsIdle = true },
        new(ModelStep.Restore, [Archived], AnyApproval, Development, Pending, LifecycleStage.Experimental),
    ];

    /// <summary>Stages that may follow one another, and the status that the version must have for it.</summary>
    public static IReadOnlyList<StageRule> Stages { get; } =
    [
        new(LifecycleStage.Experimental, LifecycleStage.Beta, [Testing, Validation, ModelStatus.Approved]),
        new(LifecycleStage.Beta, LifecycleStage.Stable, [ModelStatus.Approved]),
        new(LifecycleStage.Stable, LifecycleStage.Mature, [ModelStatus.Approved]),
        new(LifecycleStage.Beta, LifecycleStage.Experimental, [.. InWork, ModelStatus.Approved]),
        new(LifecycleStage.Stable, LifecycleStage.Beta, [ModelStatus.Approved, Validation]),
        new(LifecycleStage.Mature, LifecycleStage.Stable, [ModelStatus.Approved]),
        new(LifecycleStage.Beta, LifecycleStage.Legacy, [ModelStatus.Approved, Deprecated]),
        new(LifecycleStage.Stable, LifecycleStage.Legacy, [ModelStatus.Approved, Deprecated]),
        new(LifecycleStage.Mature, LifecycleStage.Legacy, [ModelStatus.Approved, Deprecated]),
        new(LifecycleStage.Legacy, LifecycleStage.Stable, [ModelStatus.Approved]),
    ];

    /// <summary>The line by which a step can be taken from here, or null.</summary>
    public static StepRule? Find(ModelStep step, ModelStatus status, ApprovalStatus approval) =>
        Rules.FirstOrDefault(rule => rule.Step == step && rule.From.Contains(status) && rule.FromApproval.Contains(approval));

    /// <summary>Steps that can be taken from here, whoever may take them.</summary>
    public static ModelStep[] Open(ModelStatus status, ApprovalStatus approval) =>
        [.. Enum.GetValues<ModelStep>().Where(step => Find(step, status, approval) is not null)];

    /// <summary>Whether a version that is here already is where the step leads: then asking again changes nothing.</summary>
    public static bool IsTaken(ModelStep step, AiModel model) =>
        step is not ModelStep.SetStage
        && Find(step, model.Status, model.ApprovalStatus) is null
        && Rules.Any(rule => rule.Step == step && IsAt(rule, model))
        && model.Decisions.LastOrDefault()?.Step == step;

    /// <summary>Whether the version may be put to work for its purpose: everything but trying it out needs approval.</summary>
    public static bool IsReleased(AiModel model) =>
        model is { Status: ModelStatus.Approved, ApprovalStatus: ApprovalStatus.Approved };

    private static bool IsAt(StepRule rule, AiModel model) =>
        (rule.To is null || rule.To == model.Status) && (rule.ToApproval is null || rule.ToApproval == model.ApprovalStatus);
}

/// <summary>One line of <see cref="ModelLifecycle.Rules"/>.</summary>
/// <param name="Step">What is done.</param>
/// <param name="From">From which status.</param>
/// <param name="FromApproval">From which approval status.</param>
/// <param name="To">The status it leads to; null: as before.</param>
/// <param name="ToApproval">The approval status it leads to; null: as before.</param>
/// <param name="ToStage">The stage it leads to; null: as before.</param>
internal sealed record StepRule(
    ModelStep Step,
    IReadOnlyList<ModelStatus> From,
    IReadOnlyList<ApprovalStatus> FromApproval,
    ModelStatus? To = null,
    ApprovalStatus? ToApproval = null,
    LifecycleStage? ToStage = null)
{
    /// <summary>Whoever takes it must say why.</summary>
    public bool NeedsComment { get; init; }

    /// <summary>It takes several people, none of whom uploaded the version.</summary>
    public bool NeedsOthers { get; init; }

    /// <summary>The file must have passed its validation.</summary>
    public bool NeedsValidation { get; init; }

    /// <summary>The version must not be at work anywhere.</summary>
    public bool NeedsIdle { get; init; }
}

/// <summary>One line of <see cref="ModelLifecycle.Stages"/>.</summary>
internal sealed record StageRule(LifecycleStage From, LifecycleStage To, IReadOnlyList<ModelStatus> Status);
