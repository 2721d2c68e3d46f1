using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Experiments;

public sealed class ExperimentPolicyTests
{
    private static readonly Guid Id = Guid.NewGuid();

    public static TheoryData<string?, Func<ExperimentPlan, ExperimentPlan>> Plans => new()
    {
        { null, plan => plan },
        { null, plan => plan with { Weight = 0, Shadow = 100 } },
        { "weight", plan => plan with { Weight = 0 } },
        { "weight", plan => plan with { Weight = 100 } },
        { "weight", plan => plan with { Weight = -1 } },
        { "shadow", plan => plan with { Shadow = 101 } },
        { "alpha", plan => plan with { Alpha = 0 } },
        { "alpha", plan => plan with { Alpha = 0.5 } },
        { "alpha", plan => plan with { Alpha = double.NaN } },
        { "minimum_slots", plan => plan with { MinimumSlots = 19 } },
        { "tightest_at_slots", plan => plan with { TightestAtSlots = 0 } },
        { "slot_seconds", plan => plan with { SlotSeconds = 9 } },
        { "slot_seconds", plan => plan with { SlotSeconds = 601 } },
        { "longest_seconds", plan => plan with { LongestSeconds = 599 } },
        { "shortest_seconds", plan => plan with { ShortestSeconds = -1 } },
        { "shortest_seconds", plan => plan with { ShortestSeconds = plan.LongestSeconds + 1 } },
        { "on_verdict", plan => plan with { OnVerdict = (ExperimentConsequence)9 } },
        { "metrics", plan => plan with { Metrics = [] } },
        { "metrics", plan => plan with { Metrics = [.. Enumerable.Repeat(plan.Metrics[0], 6)] } },
        { "metrics", plan => plan with { Metrics = null! } },
        { "analysis", plan => plan with { Analysis = null! } },
        { "metrics[0]", plan => plan with { Metrics = [null!] } },
        { "metrics[0].measure", plan => plan with { Metrics = [plan.Metrics[0] with { Measure = (AnalysisMeasure)99 }] } },
        { "metrics[0].measure", plan => plan with { Metrics = [plan.Metrics[0] with { Measure = AnalysisMeasure.BaselineAgreement }] } },
        { "metrics[0].measure", plan => plan with { Metrics = [plan.Metrics[0] with { Measure = AnalysisMeasure.FalsePositiveMarks }] } },
        { "metrics[1].measure", plan => plan with { Metrics = [plan.Metrics[0], plan.Metrics[0]] } },
        { "metrics[0].minimum_effect", plan => plan with { Metrics = [plan.Metrics[0] with { MinimumEffect = 0 }] } },
        { "metrics[0].minimum_effect", plan => plan with { Metrics = [plan.Metrics[0] with { MinimumEffect = double.NaN }] } },
    };

    [Theory]
    [MemberData(nameof(Plans))]
    public void What_cannot_be_taken_is_named(string? field, Func<ExperimentPlan, ExperimentPlan> change)
    {
        var wish = Wish();

        Assert.Equal(field, ExperimentPolicy.Judge(Id, wish with { Plan = change(wish.Plan) })?.Field);
    }

    [Fact]
    public void Name_and_key_are_needed()
    {
        Assert.Equal("name", ExperimentPolicy.Judge(Id, Wish() with { Name = " " })?.Field);
        Assert.Equal("id", ExperimentPolicy.Judge(Guid.NewGuid(), Wish())?.Field);
    }

    [Theory]
    [InlineData(30, 0, new[] { RolloutStepKind.SetWeight, RolloutStepKind.Pause })]
    [InlineData(0, 40, new[] { RolloutStepKind.Shadow, RolloutStepKind.Pause })]
    [InlineData(30, 40, new[] { RolloutStepKind.SetWeight, RolloutStepKind.Shadow, RolloutStepKind.Pause })]
    public void It_is_a_rollout_that_never_promotes_by_itself(int weight, int shadow, RolloutStepKind[] steps)
    {
        var wish = Wish();

        var rollout = ExperimentPolicy.RolloutOf(wish with { Plan = wish.Plan with { Weight = weight, Shadow = shadow } });

        Assert.Equal(steps, rollout.Steps.Select(step => step.Kind));
        Assert.Equal((Id, false, 60), (rollout.Id, rollout.PromotesItself, rollout.CompareSlotSeconds));
        Assert.Null(rollout.Steps[^1].DurationSeconds);
    }

    private static Experiment Wish() => new()
    {
        Id = Id, Name = "Helmets", DeploymentId = Guid.NewGuid(), ModelId = Guid.NewGuid(),
        Plan = new() { Weight = 50, Metrics = [new() { Measure = AnalysisMeasure.MeanConfidence, MinimumEffect = 0.02 }] },
    };
}
