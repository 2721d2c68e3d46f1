using System.Collections.Frozen;

using static OrleansAiFleet.Rollouts.Waves.FleetRolloutPhase;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>Which phase of a fleet rollout may follow which, which command may be given in which, and what a site's state means. Pure.</summary>
internal static class WaveTransitions
{
    private static readonly FrozenDictionary<FleetRolloutPhase, FleetRolloutPhase[]> Next = new Dictionary<FleetRolloutPhase, FleetRolloutPhase[]>
    {
        [Moving] = [Soaking, Succeeded, Stopping, Returning],
        [Soaking] = [Moving, Stopping, Returning],
        [Stopping] = [Stopped, Returning],
        [Returning] = [Stopping, Returned],

        // What was reached can still be taken back.
        [Succeeded] = [Returning],
        [Stopped] = [Returning],
        [Returned] = [],
    }.ToFrozenDictionary();

    /// <summary>Nothing follows by itself.</summary>
    public static bool IsFinal(FleetRolloutPhase phase) => phase is Succeeded or Stopped or Returned;

    /// <summary>Whether this phase may come right after that one.</summary>
    public static bool May(FleetRolloutPhase from, FleetRolloutPhase to) => Next[from].Contains(to);

    /// <summary>Whether a command may be given. Bringing all sites back always may, until they are.</summary>
    public static bool May(FleetRolloutProgress progress, FleetRolloutCommand command) => command switch
    {
        FleetRolloutCommand.AbortAll => progress.Phase != Returned,
        FleetRolloutCommand.SkipSite or FleetRolloutCommand.Pause or FleetRolloutCommand.Resume => !IsFinal(progress.Phase),
        FleetRolloutCommand.SkipSoak => progress.Phase == Soaking,
        FleetRolloutCommand.ApproveWave => progress.Hold == FleetRolloutHold.AwaitsPerson,
        _ => progress.Phase is Moving or Soaking,
    };

    /// <summary>Whether a site is being changed: so many at a time are bounded.</summary>
    public static bool IsUnderWay(FleetSiteState state) =>
        state is FleetSiteState.Starting or FleetSiteState.Moving or FleetSiteState.Returning;

    /// <summary>Whether the barrier waits for it no longer.</summary>
    public static bool IsSettled(FleetSiteState state) => state != FleetSiteState.Waiting && !IsUnderWay(state);

    /// <summary>Whether it counts against the failure policy.</summary>
    public static bool IsFailed(FleetSiteState state) => state is FleetSiteState.Failed or FleetSiteState.RolledBack;

    /// <summary>Whether there may be something to take back.</summary>
    public static bool IsChanged(FleetRolloutSite site) => site.TargetId is not null && site.State is FleetSiteState.Starting
        or FleetSiteState.Moving or FleetSiteState.Succeeded or FleetSiteState.Failed or FleetSiteState.Skipped;
}
