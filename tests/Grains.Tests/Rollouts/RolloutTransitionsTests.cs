using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class RolloutTransitionsTests
{
    public static TheoryData<RolloutPhase> Phases => [.. Enum.GetValues<RolloutPhase>()];

    [Theory]
    [MemberData(nameof(Phases))]
    public void Every_phase_that_is_not_final_has_a_way_back(RolloutPhase phase)
    {
        var seen = new HashSet<RolloutPhase> { phase };
        while (seen.Count < seen.SelectMany(After).Union(seen).Count())
        {
            seen.UnionWith(seen.SelectMany(After).ToList());
        }

        Assert.Equal(phase != RolloutPhase.Succeeded, seen.Contains(RolloutPhase.RolledBack));
        Assert.Equal(phase is RolloutPhase.Succeeded or RolloutPhase.RolledBack, RolloutTransitions.IsFinal(phase));
    }

    [Theory]
    [MemberData(nameof(Phases))]
    public void Freezing_skipping_and_rolling_back_can_be_told_in_every_phase_that_is_not_final(RolloutPhase phase) =>
        Assert.All(
            [RolloutCommand.Freeze, RolloutCommand.Resume, RolloutCommand.Skip, RolloutCommand.RollBack],
            command => Assert.Equal(!RolloutTransitions.IsFinal(phase), RolloutTransitions.May(phase, command)));

    [Fact]
    public void What_rolls_back_is_not_promoted()
    {
        Assert.False(RolloutTransitions.May(RolloutPhase.RollingBack, RolloutPhase.Promoting));
        Assert.False(RolloutTransitions.May(RolloutPhase.RollingBack, RolloutCommand.Promote));
    }

    private static IEnumerable<RolloutPhase> After(RolloutPhase phase) =>
        Enum.GetValues<RolloutPhase>().Where(next => RolloutTransitions.May(phase, next));
}
