namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>
/// The way of one fleet rollout: from its state, and what is seen or told, to the state after it. Pure: the same again gives the same,
/// so that a silo that dies between storing and acting changes nothing.
/// </summary>
internal static partial class WaveMachine
{
    /// <summary>A fleet rollout at its beginning.</summary>
    public static FleetRolloutProgress Start(DateTimeOffset now) => new() { Since = now, Reason = "Wave 1 begins." };

    /// <summary>What follows from what is seen now; what does not change is the same object.</summary>
    public static WaveState Look(WaveState state, WaveSettings settings, WaveObservation seen, DateTimeOffset now)
    {
        if (WaveTransitions.IsFinal(state.Progress.Phase))
        {
            return state;
        }

        state = LookAtSites(state, settings, seen, now);
        if (state.Progress.Hold == FleetRolloutHold.Paused)
        {
            return state;
        }

        return state.Progress.Phase switch
        {
            FleetRolloutPhase.Moving => LookAtWave(state, settings, seen, now),
            FleetRolloutPhase.Soaking => LookAtSoak(state, settings, now),
            FleetRolloutPhase.Stopping => IsAnyUnderWay(state) ? state : Enter(state, FleetRolloutPhase.Stopped, state.Progress.Reason, now),
            _ => LookAtReturn(state, settings, now),
        };
    }

    private static WaveState LookAtSites(WaveState state, WaveSettings settings, WaveObservation seen, DateTimeOffset now) => Change(
        state,
        site => WaveTransitions.IsUnderWay(site.State)
            ? SiteProgress.Look(site, settings.ModelId, seen.Seen.GetValueOrDefault(site.Id), seen.Refused.GetValueOrDefault(site.Id), now)
            : site);

    private static WaveState LookAtWave(WaveState state, WaveSettings settings, WaveObservation seen, DateTimeOffset now)
    {
        var wave = state.Progress.Wave;
        var isSettled = state.Sites.Where(site => site.Wave == wave).All(site => WaveTransitions.IsSettled(site.State));
        if (settings.FailurePolicy.Then != FailureConsequence.StopAtBarrier || isSettled)
        {
            if (FailureJudge.FindBreach(settings.FailurePolicy, state.Sites, wave) is { } breach)
            {
                return Follow(state, settings, breach, now);
            }
        }

        if (state.Progress.Hold != FleetRolloutHold.None)
        {
            return state;
        }

        if (!isSettled)
        {
            return Begin(state, settings, seen.Closed, now);
        }

        return wave + 1 >= settings.Waves
            ? Finish(state, now)
            : Enter(state, FleetRolloutPhase.Soaking, $"Wave {wave + 1} of {settings.Waves} is settled.", now);
    }

    // Sites of later waves can be under way where one of an earlier wave was begun anew.
    private static WaveState Finish(WaveState state, DateTimeOffset now) => IsAnyUnderWay(state)
        ? state
        : Enter(state, FleetRolloutPhase.Succeeded, $"{Count(state, FleetSiteState.Succeeded)} of {state.Sites.Count} sites have the version.", now);

    private static WaveState Follow(WaveState state, WaveSettings settings, string breach, DateTimeOffset now) => settings.FailurePolicy.Then switch
    {
        FailureConsequence.RollBackWave => Return(state, state.Progress.Wave, breach, now),
        FailureConsequence.RollBackAll => Return(state, null, breach, now),
        _ => state.Progress.Hold == FleetRolloutHold.Failures
            ? state
            : state with { Progress = state.Progress with { Hold = FleetRolloutHold.Failures, Reason = breach } },
    };

    private static WaveState LookAtSoak(WaveState state, WaveSettings settings, DateTimeOffset now)
    {
        var progress = state.Progress;
        if (progress.Hold != FleetRolloutHold.None || now - progress.Since < settings.Soak)
        {
            return state;
        }

        return settings.AwaitsPerson
            ? state with { Progress = progress with { Hold = FleetRolloutHold.AwaitsPerson, Reason = $"Somebody has to approve wave {progress.Wave + 2}." } }
            : EnterWave(state, progress.Wave + 1, $"Wave {progress.Wave + 2} begins.", now);
    }

    private static WaveState LookAtReturn(WaveState state, WaveSettings settings, DateTimeOffset now)
    {
        var wave = state.Progress.ReturnsWave;
        var left = state.Sites.Where(site => (wave is null || site.Wave == wave) && WaveTransitions.IsChanged(site)).ToList();
        if (left.Count > 0)
        {
            // Those under way come first: they have their place among those that are changed already.
            var underWay = left.Where(site => WaveTransitions.IsUnderWay(site.State)).ToList();
            var chosen = underWay
                .Concat(left.Except(underWay).Take(Free(state, settings)))
                .Select(site => site.Id)
                .ToHashSet();
            return Change(
                state,
                site => chosen.Contains(site.Id) ? SiteProgress.To(site, FleetSiteState.Returning, "It is to be as it was before.", now) : site);
        }

        if (state.Sites.Any(site => (wave is null || site.Wave == wave) && WaveTransitions.IsUnderWay(site.State)))
        {
            return state;
        }

        return wave is null
            ? Enter(state, FleetRolloutPhase.Returned, state.Progress.Reason, now)
            : Enter(state, FleetRolloutPhase.Stopping, state.Progress.Reason, now);
    }

    private static WaveState Begin(WaveState state, WaveSettings settings, IReadOnlySet<Guid> closed, DateTimeOffset now)
    {
        var chosen = state.Sites
            .Where(site => site.Wave == state.Progress.Wave && site.State == FleetSiteState.Waiting && !closed.Contains(site.SiteId))
            .Take(Free(state, settings))
            .Select(site => site.Id)
            .ToHashSet();
        return chosen.Count == 0 ? state : Change(state, site => chosen.Contains(site.Id) ? StartOf(site, now) : site);
    }

    private static FleetRolloutSite StartOf(FleetRolloutSite site, DateTimeOffset now) =>
        SiteProgress.To(site, FleetSiteState.Starting, "It is to begin.", now) with
        {
            TargetId = site.Way == FleetSiteWay.Switch ? site.DeploymentId : SiteKeys.OfTarget(site.Id, site.Attempt),
        };

    private static int Free(WaveState state, WaveSettings settings) =>
        Math.Max(0, settings.MaxConcurrentSites - state.Sites.Count(site => WaveTransitions.IsUnderWay(site.State)));

    private static bool IsAnyUnderWay(WaveState state) => state.Sites.Any(site => WaveTransitions.IsUnderWay(site.State));

    private static int Count(WaveState state, FleetSiteState wanted) => state.Sites.Count(site => site.State == wanted);

    private static WaveState EnterWave(WaveState state, int wave, string why, DateTimeOffset now)
    {
        var entered = Enter(state, FleetRolloutPhase.Moving, why, now);
        return entered with { Progress = entered.Progress with { Wave = wave } };
    }

    private static WaveState Return(WaveState state, int? wave, string why, DateTimeOffset now)
    {
        var entered = Enter(state, FleetRolloutPhase.Returning, why, now);
        return entered with { Progress = entered.Progress with { ReturnsWave = wave } };
    }

    private static WaveState Enter(WaveState state, FleetRolloutPhase phase, string why, DateTimeOffset now) => state with
    {
        Progress = state.Progress with { Phase = phase, Hold = FleetRolloutHold.None, ReturnsWave = null, Since = now, Reason = why },
    };

    private static WaveState Change(WaveState state, Func<FleetRolloutSite, FleetRolloutSite> change)
    {
        FleetRolloutSite[] sites = [.. state.Sites.Select(change)];
        return sites.Zip(state.Sites).All(pair => ReferenceEquals(pair.First, pair.Second)) ? state : state with { Sites = sites };
    }
}
