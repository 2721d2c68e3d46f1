using System.Collections.Frozen;

using static OrleansAiFleet.Rollouts.RolloutPhase;

namespace OrleansAiFleet.Rollouts;

/// <summary>Which phase may follow which, and which command may be given in which phase. Pure.</summary>
internal static class RolloutTransitions
{
    private static readonly FrozenDictionary<RolloutPhase, RolloutPhase[]> Next = new Dictionary<RolloutPhase, RolloutPhase[]>
    {
        [Pending] = [Progressing, Promoting, RollingBack],
        [Progressing] = [Promoting, RollingBack],

        // The stable deployment stays warm until the end, so that there is a way back from here too.
        [Promoting] = [Succeeded, RollingBack],
        [RollingBack] = [RolledBack],
        [Succeeded] = [],
        [RolledBack] = [],
    }.ToFrozenDictionary();

    /// <summary>Nothing can follow.</summary>
    public static bool IsFinal(RolloutPhase phase) => Next[phase].Length == 0;

    /// <summary>Whether this phase may come right after that one.</summary>
    public static bool May(RolloutPhase from, RolloutPhase to) => Next[from].Contains(to);

    /// <summary>
    /// Whether a command may be given: everything in every phase that is not final, except that what rolls back is not promoted, because
    /// the candidate may be gone already.
    /// </summary>
    public static bool May(RolloutPhase phase, RolloutCommand command) =>
        !IsFinal(phase) && !(phase == RollingBack && command == RolloutCommand.Promote);
}
