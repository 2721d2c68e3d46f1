using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>
/// Owns one row of <c>experiments</c>. The cameras are its rollout's business: it counts what both versions do, and tells the rollout how it
/// ends. Every step is stored before anything follows from it, and may be done again by another activation.
/// </summary>
[GrainType("experiment")]
internal sealed partial class ExperimentGrain(
    [PersistentState(StateNames.Experiment, StateNames.Provider)] IPersistentState<Experiment> state,
    ITrialReader trials,
    MaintenanceWatch maintenance,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<ExperimentGrain> logger) : Grain, IExperimentGrain
{
    private Guid Id => this.GetPrimaryKey();

    private IRolloutGrain Rollout => GrainFactory.GetGrain<IRolloutGrain>(Id);

    public async Task<Experiment> Begin(Experiment experiment)
    {
        ExperimentPolicy.Judge(Id, experiment).ThrowIfRefused();
        if (state.RecordExists)
        {
            return ExperimentPolicy.Same(state.State, experiment)
                ? state.State
                : throw Refusal.Conflict("id", $"Experiment {Id:D} is another one already.").ToException();
        }

        if (await Rollout.Get() is not null)
        {
            throw Refusal.Conflict("id", $"{Id:D} is a rollout already: give an id of its own.").ToException();
        }

        var there = await GrainFactory.GetGrain<IDeploymentGrain>(experiment.DeploymentId).Get()
            ?? throw Refusal.NotFound("deployment_id", $"There is no deployment {experiment.DeploymentId:D}.").ToException();

        // Before the rollout: one without its experiment would wait for a person for ever.
        await state.WriteRow(ExperimentMachine.Start(experiment, there.SiteId, time.GetUtcNow().Stored()));
        try
        {
            await Rollout.Begin(ExperimentPolicy.RolloutOf(state.State));
        }
        catch (FleetRefusedException refused) when (refused.Kind != RefusalKind.Unavailable)
        {
            await state.ClearRow();
            throw;
        }

        LogBegun(Id, state.State.Name, experiment.DeploymentId, experiment.ModelId);
        return state.State;
    }

    public Task<Experiment?> Get() => Task.FromResult(state.RecordExists ? state.State : null);

    public async Task<Experiment> Stop(string? why, Guid? by)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no experiment {Id:D}.").ToException();
        }

        var words = string.IsNullOrWhiteSpace(why) ? "Told to stop." : why.Trim();
        using (AuditAction.Named("experiments.stop"))
        {
            await Store(ExperimentMachine.Stop(state.State, words, by, time.GetUtcNow().Stored()));
        }

        if (await Rollout.Get() is { } rollout)
        {
            await Settle(rollout);
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

        if ((await Rollout.Get() ?? await BeginRollout()) is not { } rollout)
        {
            return;
        }

        await Count(rollout);
        await Settle(rollout);
    }

    private async Task Count(Rollout rollout)
    {
        var now = time.GetUtcNow().Stored();
        await Store(ExperimentMachine.Look(state.State, rollout, now));
        if (await maintenance.FindAsync(state.State.SiteId) is not null)
        {
            await Store(ExperimentMachine.PassOver(state.State, now));
        }
        else if (ExperimentMachine.Span(state.State, rollout.SlotSeconds, now) is var (from, until))
        {
            await Store(ExperimentMachine.Count(state.State, await trials.ReadAsync(Id, from, until, CancellationToken.None), until, now));
        }
    }

    // What a person froze stays until a person has it go on; only a person's own word goes before that.
    private async Task Settle(Rollout rollout)
    {
        var row = state.State;
        if (row.Progress.Phase is ExperimentPhase.Pending or ExperimentPhase.Running)
        {
            return;
        }

        if (ExperimentMachine.Consequence(row) is { } command && rollout.Progress.Phase is RolloutPhase.Pending or RolloutPhase.Progressing)
        {
            if (row.Progress.Phase == ExperimentPhase.Concluded && rollout.Progress.Hold == RolloutHold.Frozen)
            {
                return;
            }

            await Rollout.Tell(command, row.Progress.Reason, row.Progress.StoppedBy);
        }

        await Store(row with { IsSettled = true });
    }

    // A silo died between the two rows. What was ended meanwhile is not begun.
    private async Task<Rollout?> BeginRollout()
    {
        if (state.State.Progress.Phase != ExperimentPhase.Pending)
        {
            await Store(state.State with { IsSettled = true });
            return null;
        }

        try
        {
            return await Rollout.Begin(ExperimentPolicy.RolloutOf(state.State));
        }
        catch (FleetRefusedException refused) when (refused.Kind != RefusalKind.Unavailable)
        {
            await Store(ExperimentMachine.Refuse(state.State, refused.Message, time.GetUtcNow().Stored()) with { IsSettled = true });
            return null;
        }
    }

    private async Task Store(Experiment next)
    {
        var before = state.State;
        if (next == before)
        {
            return;
        }

        await state.WriteRow(next with { UpdatedAt = time.GetUtcNow().Stored() });
        if (next.Progress.Phase != before.Progress.Phase)
        {
            LogTaken(Id, next.Progress.Phase, next.Progress.Verdict, next.Progress.Reason);
        }
    }

    [LoggerMessage(LogLevel.Information, "Experiment {Experiment} '{Name}': deployment {Deployment} against model {Model} begins")]
    private partial void LogBegun(Guid experiment, string name, Guid deployment, Guid model);

    [LoggerMessage(LogLevel.Information, "Experiment {Experiment}: {Phase}, {Verdict}. {Reason}")]
    private partial void LogTaken(Guid experiment, ExperimentPhase phase, ExperimentVerdict verdict, string reason);
}
