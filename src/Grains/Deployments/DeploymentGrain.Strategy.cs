using Microsoft.Extensions.Logging;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Deployments;

/// <summary>What a deployment waits for before it goes to work, and when it is over.</summary>
internal sealed partial class DeploymentGrain
{
    public async Task LookAtSchedule()
    {
        if (!state.RecordExists || DeploymentTransitions.IsFinal(Status))
        {
            return;
        }

        if (DeploymentSchedule.IsOver(state.State, time.GetUtcNow()))
        {
            LogOver(Id, state.State.ScheduledEndTime);
            await End("deployments.end_on_schedule");
        }
        else if (Status == DeploymentStatus.Pending)
        {
            await BringToWork();
        }
    }

    public async Task<Deployment> Join()
    {
        RequireOpen();
        if (Status == DeploymentStatus.Pending)
        {
            await GoTo(DeploymentStatus.Deploying);
        }

        await BringToWork();
        return state.State;
    }

    public async Task<Deployment> Pause()
    {
        RequireOpen();
        if (Status != DeploymentStatus.Paused)
        {
            await Turn("deployments.pause", DeploymentStatus.Paused);
        }

        return state.State;
    }

    public async Task<Deployment> Resume()
    {
        RequireOpen();
        if (Status == DeploymentStatus.Active)
        {
            return state.State;
        }

        if (Status == DeploymentStatus.Paused)
        {
            await Check(state.State);
        }

        await Turn("deployments.resume", DeploymentStatus.Active);
        return state.State;
    }

    private async Task Turn(string action, DeploymentStatus to)
    {
        // To become active is the way of a deployment that comes to work, too; nobody resumes that.
        if (Status is not (DeploymentStatus.Active or DeploymentStatus.Paused))
        {
            throw Refusal.Conflict(null, $"Deployment {Id:D} is {Status}: only what is active is paused, and only what is paused is resumed.").ToException();
        }

        using (AuditAction.Named(action))
        {
            await GoTo(to);
        }

        await TellSupervisor();
    }

    // Whether somebody else says when it goes on.
    private Task<bool> Waits() => state.State.DeploymentStrategy switch
    {
        DeploymentStrategy.Scheduled => WaitsForItsTime(),
        DeploymentStrategy.Gradual => WaitsForItsRollout(),
        _ => Task.FromResult(false),
    };

    private async Task<bool> WaitsForItsTime()
    {
        var site = await GrainFactory.GetGrain<ISiteGrain>(state.State.SiteId).Get()
            ?? throw Refusal.NotFound("site_id", $"There is no site {state.State.SiteId:D}.").ToException();
        var now = time.GetUtcNow();
        var start = DeploymentSchedule.FindStart(state.State, site, now).Stored();
        DateTimeOffset? window = site.MaintenanceWindows.Length == 0 ? null : start;
        if (state.State.NextMaintenanceWindow != window)
        {
            await state.WriteRow(state.State with { NextMaintenanceWindow = window, UpdatedAt = now.Stored() });
        }

        if (start > now || await maintenance.FindAsync(site.Id) is not null)
        {
            return true;
        }

        // Much may have changed since it was asked for.
        await Check(state.State);
        return false;
    }

    // Asked for again only where there is none: a rollout that there is may be asking this deployment.
    private async Task<bool> WaitsForItsRollout()
    {
        if (await rollouts.FindOpenAsync(Id, CancellationToken.None) is null)
        {
            await GrainFactory.GetGrain<IRolloutGrain>(Id).BeginFor(GradualRollout.Of(state.State));
        }

        return true;
    }

    private async Task End(string action)
    {
        using (AuditAction.Named(action))
        {
            await GoTo(DeploymentStatus.Terminated);
        }

        await TellSupervisor();
    }

    [LoggerMessage(LogLevel.Information, "Deployment {Deployment}: is over, as its scheduled_end_time {End} says")]
    private partial void LogOver(Guid deployment, DateTimeOffset? end);
}
