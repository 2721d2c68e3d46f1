using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Deployments;

/// <summary>
/// Owns one row of <c>model_deployments</c>. Asks its model, site and cameras whether they are there, and tells the site
/// and the camera supervisor once the row says so. The supervisor takes what cameras should do from the rows, so a
/// telling that is lost costs it seconds, not the deployment.
/// </summary>
[GrainType("deployment")]
internal sealed partial class DeploymentGrain(
    [PersistentState(StateNames.Deployment, StateNames.Provider)] IPersistentState<Deployment> state,
    IModelUseReader uses,
    IRolloutReader rollouts,
    MaintenanceWatch maintenance,
    DestinationColumn destinations,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<DeploymentGrain> logger) : Grain, IDeploymentGrain
{
    // Long enough for a database or a silo to come back, short against the minutes somebody would wait for a camera.
    private static readonly TimeSpan ResumeInterval = TimeSpan.FromSeconds(5);

    private IGrainTimer? _resume;

    private Guid Id => this.GetPrimaryKey();

    private DeploymentStatus Status => state.State.DeploymentStatus;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Its silo died between two steps: this activation takes the next one.
        if (state.RecordExists && DeploymentTransitions.IsUnderWay(Status))
        {
            ResumeLater(TimeSpan.Zero);
        }

        return Task.CompletedTask;
    }

    public async Task<Deployment> Deploy(Deployment deployment)
    {
        DeploymentPolicy.Judge(Id, deployment).ThrowIfRefused();
        var asked = destinations.Take(DeploymentPolicy.AsAsked(deployment));
        if (!state.RecordExists)
        {
            await Take(asked);
        }
        else if (!DeploymentPolicy.Same(destinations.Opened(state.State), asked))
        {
            throw Refusal.Conflict("id", $"Deployment {Id:D} is another one already.").ToException();
        }
        else if (DeploymentTransitions.IsFinal(Status))
        {
            throw Refusal.Conflict("id", $"Deployment {Id:D} was terminated; make a new one.").ToException();
        }
        else if (Status == DeploymentStatus.Failed)
        {
            await Check(asked);
            await GoTo(DeploymentStatus.Deploying);
        }

        await BringToWork();
        return state.State;
    }

    private async Task Take(Deployment asked)
    {
        var now = time.GetUtcNow().Stored();
        DeploymentSchedule.Judge(asked, now).ThrowIfRefused();
        await Check(asked);
        await state.WriteRow(destinations.Closed(asked) with { CreatedAt = now, UpdatedAt = now });
        if (asked.DeploymentStrategy == DeploymentStrategy.Gradual)
        {
            try
            {
                await WaitsForItsRollout();
            }
            catch (FleetRefusedException refused) when (refused.Kind != RefusalKind.Unavailable)
            {
                await state.ClearRow();
                throw;
            }
        }

        LogTaken(Id, asked.ModelId, asked.SiteId);
    }

    public Task<Deployment?> Get() => Task.FromResult(state.RecordExists ? state.State : null);

    public async Task<Deployment> Terminate()
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no deployment {Id:D}.").ToException();
        }

        if (!DeploymentTransitions.IsFinal(Status))
        {
            await End("deployments.terminate");
        }

        return state.State;
    }

    public async Task<Deployment> SwitchModel(Guid modelId)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no deployment {Id:D}.").ToException();
        }

        if (DeploymentTransitions.IsFinal(Status) || Status == DeploymentStatus.Failed)
        {
            throw Refusal.Conflict(null, $"Deployment {Id:D} is {Status}: deploy the version anew.").ToException();
        }

        if (state.State.ModelId == modelId)
        {
            return state.State;
        }

        var model = await GrainFactory.GetGrain<IModelGrain>(modelId).Get()
            ?? throw Refusal.NotFound("model_id", $"There is no model {modelId:D}.").ToException();
        var before = state.State.ModelId;
        var switched = DeploymentPolicy.Switch(state.State, model, time.GetUtcNow().Stored());
        await Check(switched);
        using (AuditAction.Named("deployments.switch_model"))
        {
            await state.WriteRow(switched);
        }

        LogSwitched(Id, before, modelId);
        await GrainFactory.GetGrain<ISiteGrain>(state.State.SiteId).NoteDeployed(modelId);
        await TellSupervisor();
        return state.State;
    }

    public async Task<Deployment> TakeOver(DeploymentType type)
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no deployment {Id:D}.").ToException();
        }

        if (state.State.DeploymentType != type)
        {
            await state.WriteRow(state.State with { DeploymentType = type, UpdatedAt = time.GetUtcNow().Stored() });
        }

        return state.State;
    }

    public async Task<string[]> GetLicenseWarnings()
    {
        if (!state.RecordExists || DeploymentTransitions.IsFinal(Status))
        {
            return [];
        }

        var model = GrainFactory.GetGrain<IModelGrain>(state.State.ModelId).Get();
        var site = GrainFactory.GetGrain<ISiteGrain>(state.State.SiteId).Get();
        await Task.WhenAll(model, site);
        return await model is { } found && await site is { } place && await JudgeLicense(state.State, found, place) is var judgement
            ? [.. judgement.Refusals, .. judgement.Warnings]
            : [];
    }

    private async Task Check(Deployment asked)
    {
        if (asked.RollbackModelId is { } rollback && await GrainFactory.GetGrain<IModelGrain>(rollback).Get() is null)
        {
            throw Refusal.NotFound("rollback_model_id", $"There is no model {rollback:D}.").ToException();
        }

        if (asked.PreviousDeploymentId is { } previous)
        {
            GradualRollout.Judge(asked, await GrainFactory.GetGrain<IDeploymentGrain>(previous).Get()).ThrowIfRefused();
        }

        var model = GrainFactory.GetGrain<IModelGrain>(asked.ModelId).Get();
        var site = GrainFactory.GetGrain<ISiteGrain>(asked.SiteId).Get();
        var cameras = Task.WhenAll((asked.InputSources ?? []).Select(id => GrainFactory.GetGrain<ICameraGrain>(id).Get()));
        await Task.WhenAll(model, site, cameras);
        DeploymentPolicy.Judge(asked, await model, await site, await cameras).ThrowIfRefused();
        await CheckLicense(asked, (await model)!, (await site)!);
    }

    private async Task CheckLicense(Deployment asked, AiModel model, Site site)
    {
        var judgement = await JudgeLicense(asked, model, site);
        if (asked.LicenseOverride is null)
        {
            LicensePolicy.ToRefusal(judgement).ThrowIfRefused();
        }
        else
        {
            foreach (var refusal in judgement.Refusals)
            {
                LogOverridden(Id, refusal, asked.LicenseOverride);
            }
        }
    }

    private async Task<LicenseJudgement> JudgeLicense(Deployment asked, AiModel model, Site site)
    {
        var seats = model.LicenseSeats is null
            ? 0
            : await uses.CountSeatsAsync(model.Name, Id, site.Id, asked.InputSources, CancellationToken.None);
        return LicensePolicy.Judge(model, site, seats, time.GetUtcNow());
    }

    // Every step is stored before the next is taken, and each may be taken twice.
    private async Task BringToWork()
    {
        if (!DeploymentTransitions.IsUnderWay(Status))
        {
            return;
        }

        try
        {
            if (Status == DeploymentStatus.Pending)
            {
                if (await Waits())
                {
                    return;
                }

                await GoTo(DeploymentStatus.Deploying);
            }

            await GrainFactory.GetGrain<ISiteGrain>(state.State.SiteId).NoteDeployed(state.State.ModelId);
            await GoTo(DeploymentStatus.Active);
        }
        catch (FleetRefusedException refused) when (IsForGood(refused))
        {
            // What it needs went away meanwhile, or it may not be deployed any more: nothing that is tried again changes that.
            LogRefused(Id, refused.Message);
            await GoTo(DeploymentStatus.Failed);
            throw;
        }
        catch
        {
            ResumeLater(ResumeInterval);
            throw;
        }

        await TellSupervisor();
    }

    // A conflict of no field is one of writing: the row is looked at again.
    private static bool IsForGood(FleetRefusedException refused) =>
        refused.Kind is not RefusalKind.Unavailable && (refused.Kind is not RefusalKind.Conflict || refused.Field is not null);

    private void ResumeLater(TimeSpan after)
    {
        _resume?.Dispose();
        _resume = this.RegisterGrainTimer(
            static (grain, _) => grain.BringToWork(),
            this,
            new GrainTimerCreationOptions { DueTime = after, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
    }

    private async Task GoTo(DeploymentStatus status)
    {
        await state.WriteRow(DeploymentTransitions.Step(state.State, status, time.GetUtcNow().Stored()));
        LogStatus(Id, status);
    }

    private Task TellSupervisor() => GrainFactory.TellSupervisor(logger, "deployment", Id);

    [LoggerMessage(LogLevel.Information, "Deployment {Deployment}: model {Model} is to work on site {Site}")]
    private partial void LogTaken(Guid deployment, Guid model, Guid site);

    [LoggerMessage(LogLevel.Information, "Deployment {Deployment}: is {Status} now")]
    private partial void LogStatus(Guid deployment, DeploymentStatus status);

    [LoggerMessage(LogLevel.Warning, "Deployment {Deployment}: cannot go to work: {Refusal}")]
    private partial void LogRefused(Guid deployment, string refusal);

    [LoggerMessage(LogLevel.Information, "Deployment {Deployment}: takes model {After} up in place of {Before}")]
    private partial void LogSwitched(Guid deployment, Guid before, Guid after);

    [LoggerMessage(LogLevel.Warning, "Deployment {Deployment}: overridden: {Refusal} Reason given: {Reason}")]
    private partial void LogOverridden(Guid deployment, string refusal, string reason);
}
