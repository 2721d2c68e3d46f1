using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts.Analysis;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Rollouts;

/// <summary>
/// Owns one row of <c>rollouts</c>. What cameras do follows from the row, so that storing it is the act; whatever comes after may be
/// done again by another activation.
/// </summary>
[GrainType("rollout")]
internal sealed partial class RolloutGrain(
    [PersistentState(StateNames.Rollout, StateNames.Provider)] IPersistentState<Rollout> state,
    IRolloutReader reader,
    ITrialReader trials,
    MaintenanceWatch maintenance,
    RolloutMeter meter,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<RolloutGrain> logger) : Grain, IRolloutGrain
{
    private IGrainTimer? _measures;

    private Guid Id => this.GetPrimaryKey();

    private IDeploymentGrain Stable => GrainFactory.GetGrain<IDeploymentGrain>(state.State.StableDeploymentId);

    private IDeploymentGrain Candidate => GrainFactory.GetGrain<IDeploymentGrain>(Id);

    public async Task<Rollout> Begin(Rollout rollout)
    {
        if (!state.RecordExists)
        {
            var (stable, model) = await Write(rollout);
            try
            {
                await Candidate.Deploy(RolloutPolicy.Candidate(rollout, stable, model));
            }
            catch (FleetRefusedException refused) when (refused.Kind != RefusalKind.Unavailable)
            {
                await state.ClearRow();
                throw;
            }

            LogBegun(Id, rollout.StableDeploymentId, rollout.CandidateModelId);
        }

        return Begun(rollout);
    }

    public async Task<Rollout> BeginFor(Rollout rollout)
    {
        if (!state.RecordExists)
        {
            await Write(rollout);
            LogBegun(Id, rollout.StableDeploymentId, rollout.CandidateModelId);
        }

        return Begun(rollout);
    }

    private Rollout Begun(Rollout rollout)
    {
        RolloutPolicy.Judge(Id, rollout).ThrowIfRefused();
        return RolloutPolicy.Same(state.State, rollout)
            ? state.State
            : throw Refusal.Conflict("id", $"Rollout {Id:D} is another one already.").ToException();
    }

    private async Task<(Deployment Stable, AiModel Model)> Write(Rollout rollout)
    {
        RolloutPolicy.Judge(Id, rollout).ThrowIfRefused();
        var stable = await GrainFactory.GetGrain<IDeploymentGrain>(rollout.StableDeploymentId).Get();
        var model = await GrainFactory.GetGrain<IModelGrain>(rollout.CandidateModelId).Get();
        RolloutPolicy.Judge(rollout, stable, model, await reader.FindOpenAsync(rollout.StableDeploymentId, CancellationToken.None)).ThrowIfRefused();
        var now = time.GetUtcNow().Stored();
        var begun = rollout with
        {
            SiteId = stable!.SiteId, StartsAt = rollout.StartsAt.Stored(), CameraOrder = [], CandidateCameras = [], IsSettled = false,
            Decisions = [], CreatedAt = now, ShadowCameras = [], StepRun = null, BackgroundRun = null,
            SlotSeconds = RolloutAnalysis.SlotSeconds(rollout, stable),
        };

        // Before the candidate: with the row there, cameras know that it is to stand by.
        var decision = new RolloutDecision { At = now, By = rollout.CreatedBy, Progress = RolloutMachine.Start(now) };
        await state.WriteRow(RolloutPolicy.Advance(begun, decision));
        return (stable, model!);
    }

    public Task<Rollout?> Get() => Task.FromResult(state.RecordExists ? state.State : null);

    public async Task<Rollout> Tell(RolloutCommand command, string? why, Guid? by)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no rollout {Id:D}.").ToException();
        }

        var now = time.GetUtcNow().Stored();
        var words = string.IsNullOrWhiteSpace(why) ? $"Told to: {command}." : why.Trim();
        var next = RolloutMachine.Take(state.State.Progress, RolloutPolicy.SettingsOf(state.State), command, words, now);
        if (next != state.State.Progress)
        {
            using (AuditAction.Named($"rollouts.{command}"))
            {
                await Take(state.State, next, command, by, now);
            }
        }

        return state.State;
    }

    public async Task Look()
    {
        if (!state.RecordExists || state.State.IsSettled)
        {
            DeactivateOnIdle();
            return;
        }

        if (RolloutTransitions.IsFinal(state.State.Progress.Phase))
        {
            await Settle();
            return;
        }

        var now = time.GetUtcNow().Stored();
        var stable = (await Stable.Get())!;
        if (await Candidate.Get() is null or { DeploymentStatus: DeploymentStatus.Pending } && await DeployCandidate(stable) is { } refused)
        {
            var settings = RolloutPolicy.SettingsOf(state.State);
            var back = RolloutMachine.Take(state.State.Progress, settings, RolloutCommand.RollBack, refused, now);
            await Take(state.State, back, null, null, now);
            return;
        }

        await Observe(stable, now);
        LookWhenDue();
    }

    private async Task Observe(Deployment stable, DateTimeOffset now)
    {
        var cameras = await ReadCameras(stable);
        var statuses = await GrainFactory.GetGrain<ICameraSupervisorGrain>(0).GetStatusesOf(state.State.SiteId);
        var mode = await maintenance.FindAsync(state.State.SiteId);
        var prepared = RolloutAnalysis.Prepare(state.State, stable, now);
        var row = mode is null ? await Measure(prepared, now) : prepared;
        var served = RolloutCameras.CountServed(row, cameras, statuses);
        var seen = new RolloutObservation(
            cameras.Length, served, RolloutAnalysis.OfStep(row, stable), RolloutAnalysis.OfBackground(row, stable), mode?.Reason);
        var next = RolloutMachine.Look(row.Progress, RolloutPolicy.SettingsOf(row), seen, now);
        if (next != row.Progress)
        {
            await Take(row, next, null, null, now);
            return;
        }

        var shared = RolloutCameras.Share(row, cameras);
        if (shared != state.State)
        {
            await state.WriteRow(shared);
        }

        if (shared != row)
        {
            await TellSupervisor();
        }
    }

    // Whoever looks after rollouts comes by once a second at best: a version that is bad is not to stay for so much longer.
    private void LookWhenDue()
    {
        var now = time.GetUtcNow();
        if (RolloutAnalysis.NextDue(state.State, now) is { } due && due > now)
        {
            _measures ??= this.RegisterGrainTimer(
                static (grain, _) => grain.LookAgain(),
                this,
                new GrainTimerCreationOptions { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan });
            _measures.Change(due - now, Timeout.InfiniteTimeSpan);
        }
    }

    // A timer begins under the activation's lock: two grains that call each other so would wait for each other.
    private async Task LookAgain()
    {
        await Task.Yield();
        await Look();
    }

    private async Task<Rollout> Measure(Rollout row, DateTimeOffset now)
    {
        if (RolloutAnalysis.NeedsFrom(row, now) is not { } from)
        {
            return row;
        }

        var until = RolloutAnalysis.Until(row, now);
        var marks = RolloutAnalysis.NeedsMarks(row, now) ? await trials.ReadMarksAsync(Id, from, until, CancellationToken.None) : [];
        return RolloutAnalysis.Measure(row, await trials.ReadAsync(Id, from, until, CancellationToken.None), marks, now);
    }

    private Task<RolloutCamera[]> ReadCameras(Deployment stable) =>
        reader.ReadCamerasAsync(stable.SiteId, stable.InputSources, CancellationToken.None);

    // Stored first; the supervisor reads it.
    private async Task Take(Rollout row, RolloutProgress next, RolloutCommand? command, Guid? by, DateTimeOffset now)
    {
        var stable = (await Stable.Get())!;
        var decision = new RolloutDecision
        {
            At = now, By = by, Command = command, Progress = next,
            Analysis = command is null ? RolloutAnalysis.Behind(row, stable, next) : null,
        };
        var advanced = RolloutAnalysis.Prepare(RolloutPolicy.Advance(row, decision), stable, now);
        await state.WriteRow(RolloutCameras.Share(advanced, await ReadCameras(stable)));
        meter.Count(decision);
        LogTaken(Id, next.Phase, next.Step, next.Weight, next.Reason);
        if (RolloutTransitions.IsFinal(next.Phase))
        {
            await Settle();
        }
        else
        {
            await TellSupervisor();
        }
    }

    // Each of these may be done twice.
    private async Task Settle()
    {
        if (state.State.Progress.Phase == RolloutPhase.Succeeded)
        {
            var stable = (await Stable.Get())!;
            await Candidate.TakeOver(stable.DeploymentType);
            if (stable.ApiKey is { } key && !DeploymentTransitions.IsFinal(stable.DeploymentStatus))
            {
                // Once that one is ended its key has gone over, and may have been taken away here.
                await Candidate.InheritApiKey(key);
            }

            await Stable.Terminate();
        }
        else if (await Candidate.Get() is not null)
        {
            await Candidate.Terminate();
        }

        await state.WriteRow(state.State with { IsSettled = true, UpdatedAt = time.GetUtcNow().Stored() });
        await TellSupervisor();
    }

    private async Task<string?> DeployCandidate(Deployment stable)
    {
        try
        {
            var model = await GrainFactory.GetGrain<IModelGrain>(state.State.CandidateModelId).Get();
            if (model is null)
            {
                return "The candidate's model is gone.";
            }

            if (await Candidate.Get() is { DeploymentStrategy: DeploymentStrategy.Gradual })
            {
                await Candidate.Join();
            }
            else
            {
                await Candidate.Deploy(RolloutPolicy.Candidate(state.State, stable, model));
            }

            return null;
        }
        catch (FleetRefusedException refused) when (refused.Kind != RefusalKind.Unavailable)
        {
            return refused.Message;
        }
    }

    private Task TellSupervisor() => GrainFactory.TellSupervisor(logger, "rollout", Id);

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout}: from deployment {Stable} to model {Model} begins")]
    private partial void LogBegun(Guid rollout, Guid stable, Guid model);

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout}: {Phase}, step {Step}, {Weight} % of the cameras. {Reason}")]
    private partial void LogTaken(Guid rollout, RolloutPhase phase, int step, int weight, string reason);
}
