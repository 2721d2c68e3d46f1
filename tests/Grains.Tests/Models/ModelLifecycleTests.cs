using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Grains.Tests.Models;

/// <summary>The whole table: every step from every status and approval.</summary>
public sealed class ModelLifecycleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Approver = Guid.NewGuid();

    public static TheoryData<ModelStep, ModelStatus, ApprovalStatus> Everything()
    {
        var data = new TheoryData<ModelStep, ModelStatus, ApprovalStatus>();
        foreach (var step in Enum.GetValues<ModelStep>().Where(step => step != ModelStep.SetStage))
        {
            foreach (var status in Enum.GetValues<ModelStatus>())
            {
                foreach (var approval in Enum.GetValues<ApprovalStatus>())
                {
                    data.Add(step, status, approval);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Step_leads_where_the_table_says_or_is_refused_with_what_is_possible(ModelStep step, ModelStatus status, ApprovalStatus approval)
    {
        var model = At(status, approval);
        var asked = new TakeModelStep { Step = step, By = Approver, Comment = "because" };

        var refusal = ModelSteps.Judge(model, asked, []);

        var expected = Expected(step, status, approval);
        Assert.Equal(expected is null, refusal is not null);
        if (expected is not { } to)
        {
            Assert.Equal((RefusalKind.Conflict, "status"), (refusal!.Kind, refusal.Field));
            return;
        }

        var after = ModelSteps.Take(model, asked, requiredApprovals: 1, Now);
        Assert.Equal(to, (after.Status, after.ApprovalStatus));
        Assert.Equal(step, after.Decisions[^1].Step);
        Assert.Equal(after.ApprovalStatus == ApprovalStatus.Approved, after.ApprovedAt is not null);
        Assert.False(ModelLifecycle.IsReleased(after) && approval != ApprovalStatus.Approved && step != ModelStep.Approve);
    }

    [Fact]
    public void Nothing_but_approval_and_reinstating_releases_a_version()
    {
        foreach (var rule in ModelLifecycle.Rules)
        {
            foreach (var model in rule.From.SelectMany(status => rule.FromApproval.Select(approval => At(status, approval))))
            {
                var after = ModelSteps.Take(model, new() { Step = rule.Step, By = Approver, Comment = "x" }, 1, Now);
                Assert.Equal(
                    rule.Step is ModelStep.Approve or ModelStep.Reinstate || ModelLifecycle.IsReleased(model) && rule.Step is not
                        (ModelStep.RequestReview or ModelStep.Deprecate or ModelStep.Archive),
                    ModelLifecycle.IsReleased(after));
            }
        }
    }

    [Theory]
    [InlineData(LifecycleStage.Experimental, LifecycleStage.Beta, ModelStatus.Testing, true)]
    [InlineData(LifecycleStage.Experimental, LifecycleStage.Beta, ModelStatus.Development, false)]
    [InlineData(LifecycleStage.Experimental, LifecycleStage.Stable, ModelStatus.Approved, false)]
    [InlineData(LifecycleStage.Beta, LifecycleStage.Stable, ModelStatus.Approved, true)]
    [InlineData(LifecycleStage.Beta, LifecycleStage.Stable, ModelStatus.Validation, false)]
    [InlineData(LifecycleStage.Stable, LifecycleStage.Mature, ModelStatus.Approved, true)]
    [InlineData(LifecycleStage.Mature, LifecycleStage.Legacy, ModelStatus.Deprecated, true)]
    [InlineData(LifecycleStage.Legacy, LifecycleStage.Stable, ModelStatus.Deprecated, false)]
    [InlineData(LifecycleStage.Mature, LifecycleStage.Experimental, ModelStatus.Approved, false)]
    public void Stage_moves_step_by_step(LifecycleStage from, LifecycleStage to, ModelStatus status, bool possible)
    {
        var model = At(status, ApprovalStatus.Approved) with { LifecycleStage = from };

        var refusal = ModelSteps.Judge(model, new() { Step = ModelStep.SetStage, Stage = to }, []);

        Assert.Equal(possible ? null : "lifecycle_stage", refusal?.Field);
    }

    [Fact]
    public void Approval_takes_as_many_people_as_are_asked_for_each_counted_once()
    {
        var model = At(ModelStatus.Validation, ApprovalStatus.Pending);

        var once = Approve(model, Approver);
        var twice = Approve(once, Approver);
        var both = Approve(twice, Guid.NewGuid());

        Assert.Equal(ApprovalStatus.Pending, once.ApprovalStatus);
        Assert.True(ModelSteps.IsTaken(once, new() { Step = ModelStep.Approve, By = Approver }));
        Assert.Equal(ApprovalStatus.Pending, twice.ApprovalStatus);
        Assert.Equal((ModelStatus.Approved, ApprovalStatus.Approved, Now), (both.Status, both.ApprovalStatus, both.ApprovedAt));
    }

    [Fact]
    public void Approval_of_another_configuration_or_an_earlier_round_does_not_count()
    {
        var model = Approve(At(ModelStatus.Validation, ApprovalStatus.Pending), Approver);

        Assert.Single(ModelSteps.Approvers(model));
        Assert.Empty(ModelSteps.Approvers(model with { ConfigurationRevision = 2 }));
        var sentBack = ModelSteps.Take(model, new() { Step = ModelStep.RequestReview, By = Guid.NewGuid(), Comment = "too dark" }, 2, Now);
        Assert.Empty(ModelSteps.Approvers(ModelSteps.Take(sentBack, new() { Step = ModelStep.Resubmit, By = Rows.Uploader }, 2, Now)));
    }

    [Fact]
    public void Uploader_does_not_approve_and_neither_does_nobody()
    {
        var model = At(ModelStatus.Validation, ApprovalStatus.Pending);

        Assert.NotNull(ModelSteps.Judge(model, new() { Step = ModelStep.Approve, By = Rows.Uploader }, []));
        Assert.NotNull(ModelSteps.Judge(model, new() { Step = ModelStep.Approve }, []));
        Assert.Equal("validation", ModelSteps.Judge(model with { Validation = null }, new() { Step = ModelStep.Approve, By = Approver }, [])?.Field);
    }

    [Theory]
    [InlineData(ModelStep.Reject, ModelStatus.Testing, ApprovalStatus.Pending)]
    [InlineData(ModelStep.RequestReview, ModelStatus.Testing, ApprovalStatus.Pending)]
    [InlineData(ModelStep.Deprecate, ModelStatus.Approved, ApprovalStatus.Approved)]
    [InlineData(ModelStep.Reinstate, ModelStatus.Deprecated, ApprovalStatus.Approved)]
    public void Step_against_a_version_needs_a_reason(ModelStep step, ModelStatus status, ApprovalStatus approval)
    {
        var model = At(status, approval);

        Assert.Equal("comment", ModelSteps.Judge(model, new() { Step = step, By = Approver, Comment = " " }, [])?.Field);
        Assert.Null(ModelSteps.Judge(model, new() { Step = step, By = Approver, Comment = "blind at night" }, []));
    }

    [Fact]
    public void Archive_says_where_the_version_is_at_work()
    {
        var model = At(ModelStatus.Approved, ApprovalStatus.Approved);
        ModelUse[] uses =
        [
            new(Guid.NewGuid(), "gate", Guid.NewGuid(), "North", IsLive: true, IsRollback: false),
            new(Guid.NewGuid(), "crane", Guid.NewGuid(), "South", IsLive: true, IsRollback: true),
            new(Guid.NewGuid(), "old", Guid.NewGuid(), "East", IsLive: false, IsRollback: false),
        ];

        var refusal = ModelSteps.Judge(model, new() { Step = ModelStep.Archive, By = Approver }, uses);

        Assert.Contains("'gate' on site 'North'", refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("'South' would go back to it", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("East", refusal.Message, StringComparison.Ordinal);
        Assert.Null(ModelSteps.Judge(model, new() { Step = ModelStep.Archive, By = Approver }, uses[2..]));
    }

    // Written out by hand, so that a change of the table is a change of this.
    private static (ModelStatus, ApprovalStatus)? Expected(ModelStep step, ModelStatus status, ApprovalStatus approval)
    {
        var judged = status is ModelStatus.Development or ModelStatus.Testing or ModelStatus.Validation;
        var isApproved = approval == ApprovalStatus.Approved;
        var undecided = approval is ApprovalStatus.Pending or ApprovalStatus.RequiresReview;
        return step switch
        {
            ModelStep.StartTraining when status is ModelStatus.Development => (ModelStatus.Training, approval),
            ModelStep.StartTesting when status is ModelStatus.Development or ModelStatus.Training => (ModelStatus.Testing, approval),
            ModelStep.StartValidation when status is ModelStatus.Testing => (ModelStatus.Validation, approval),
            ModelStep.ReturnToDevelopment when status is ModelStatus.Training or ModelStatus.Testing or ModelStatus.Validation =>
                (ModelStatus.Development, approval),
            ModelStep.Approve when judged && approval is ApprovalStatus.Pending => (ModelStatus.Approved, ApprovalStatus.Approved),
            ModelStep.Reject when judged && undecided => (status, ApprovalStatus.Rejected),
            ModelStep.RequestReview when judged && approval is ApprovalStatus.Pending => (status, ApprovalStatus.RequiresReview),
            ModelStep.RequestReview when status is ModelStatus.Approved or ModelStatus.Deprecated && isApproved =>
                (ModelStatus.Validation, ApprovalStatus.RequiresReview),
            ModelStep.Resubmit when judged && approval is ApprovalStatus.RequiresReview or ApprovalStatus.Rejected && judged =>
                (status, ApprovalStatus.Pending),
            ModelStep.Deprecate when status is ModelStatus.Approved => (ModelStatus.Deprecated, approval),
            ModelStep.Reinstate when status is ModelStatus.Deprecated && isApproved => (ModelStatus.Approved, approval),
            ModelStep.Archive when status is not ModelStatus.Archived => (ModelStatus.Archived, approval),
            ModelStep.Restore when status is ModelStatus.Archived => (ModelStatus.Development, ApprovalStatus.Pending),
            _ => null,
        };
    }

    private static AiModel Approve(AiModel model, Guid by) =>
        ModelSteps.Take(model, new() { Step = ModelStep.Approve, By = by }, requiredApprovals: 2, Now);

    private static AiModel At(ModelStatus status, ApprovalStatus approval) => Rows.Model() with
    {
        Status = status,
        ApprovalStatus = approval,
        ApprovedAt = approval == ApprovalStatus.Approved ? Now.AddDays(-1) : null,
    };
}
