using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Rollouts.Waves;

internal static partial class WaveMachine
{
    /// <summary>What follows from a command.</summary>
    /// <param name="state">As it is.</param>
    /// <param name="settings">Of the fleet rollout.</param>
    /// <param name="order">The command.</param>
    /// <param name="why">One sentence of whoever gives it.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="FleetRefusedException">The command cannot be given now.</exception>
    public static WaveState Take(WaveState state, WaveSettings settings, FleetRolloutOrder order, string why, DateTimeOffset now)
    {
        if (!WaveTransitions.May(state.Progress, order.Command))
        {
            var hold = state.Progress.Hold == FleetRolloutHold.None ? "" : $" ({state.Progress.Hold})";
            throw Refusal.Conflict(null, $"The fleet rollout is {state.Progress.Phase}{hold}: {order.Command} is not possible now.").ToException();
        }

        return order.Command switch
        {
            FleetRolloutCommand.Pause => state with { Progress = state.Progress with { Hold = FleetRolloutHold.Paused, Reason = why } },
            FleetRolloutCommand.Resume => Resume(state, why, now),
            FleetRolloutCommand.SkipSoak => SkipSoak(state, settings, why, now),
            FleetRolloutCommand.SkipSite => SkipSite(state, order.SiteId, why, now),
            FleetRolloutCommand.ApproveWave => EnterWave(state, state.Progress.Wave + 1, why, now),
            FleetRolloutCommand.RetryFailed => Retry(state, why, now),
            FleetRolloutCommand.Abort => Enter(state, FleetRolloutPhase.Stopping, why, now),
            _ => Return(state, null, why, now),
        };
    }

    private static WaveState Resume(WaveState state, string why, DateTimeOffset now) => state.Progress.Hold switch
    {
        FleetRolloutHold.None => state,

        // Its word was waited for.
        FleetRolloutHold.AwaitsPerson => EnterWave(state, state.Progress.Wave + 1, why, now),
        FleetRolloutHold.Failures => GoOn(Change(state, site => WaveTransitions.IsFailed(site.State) ? site with { IsAccepted = true } : site), why, now),
        _ => GoOn(state, why, now),
    };

    private static WaveState GoOn(WaveState state, string why, DateTimeOffset now) =>
        state with { Progress = state.Progress with { Hold = FleetRolloutHold.None, Since = now, Reason = why } };

    // Who says that the wait is over does not say, where approval is asked for, that the next wave is approved.
    private static WaveState SkipSoak(WaveState state, WaveSettings settings, string why, DateTimeOffset now) => settings.AwaitsPerson
        ? state with { Progress = state.Progress with { Hold = FleetRolloutHold.AwaitsPerson, Reason = why } }
        : EnterWave(state, state.Progress.Wave + 1, why, now);

    private static WaveState SkipSite(WaveState state, Guid? siteId, string why, DateTimeOffset now)
    {
        var site = state.Sites.FirstOrDefault(site => site.SiteId == siteId)
            ?? throw Refusal.NotFound("site_id", $"There is no site {siteId:D} in the fleet rollout.").ToException();
        if (site.State is FleetSiteState.Succeeded or FleetSiteState.Skipped or FleetSiteState.Returned or FleetSiteState.LeftAsIs)
        {
            throw Refusal.Conflict("site_id", $"The site is {site.State}: there is nothing to skip.").ToException();
        }

        // What is left as it is on the way back is not taken back again.
        var end = state.Progress.Phase == FleetRolloutPhase.Returning ? FleetSiteState.LeftAsIs : FleetSiteState.Skipped;
        return Change(state, each => each.Id == site.Id ? SiteProgress.To(each, end, why, now) : each);
    }

    // From the first wave that has one of them: the barrier holds for them too.
    private static WaveState Retry(WaveState state, string why, DateTimeOffset now)
    {
        var failed = state.Sites.Where(site => WaveTransitions.IsFailed(site.State)).ToList();
        if (failed.Count == 0)
        {
            throw Refusal.Conflict(null, "No site has failed.").ToException();
        }

        var begun = Change(
            state,
            site => WaveTransitions.IsFailed(site.State)
                ? SiteProgress.To(site, FleetSiteState.Waiting, why, now) with { Attempt = site.Attempt + 1, TargetId = null }
                : site);
        return EnterWave(begun, failed.Min(site => site.Wave), why, now);
    }
}
