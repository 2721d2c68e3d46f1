using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>
/// Owns one row of <c>performance_optimizations</c>. Has a worker measure one set of settings after the other; what was measured is stored
/// before the next begins, so that another activation goes on from there. Changes nothing of the deployment until a person consents.
/// </summary>
[GrainType("optimization")]
internal sealed partial class OptimizationGrain(
    [PersistentState(StateNames.Optimization, StateNames.Provider)] IPersistentState<PerformanceOptimization> state,
    IOptimizationReader open,
    IRolloutReader rollouts,
    MaintenanceWatch maintenance,
    WorkerDirectory workers,
    IInferenceServiceClient inference,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<OptimizationGrain> logger) : Grain, IOptimizationGrain, IDisposable
{
    // Measuring outlives the call that begins it; it is this activation's and ends with it.
    private readonly CancellationTokenSource _stopping = new();
    private Task<ConfigurationMeasurement>? _measuring;

    private Guid Id => this.GetPrimaryKey();

    private IDeploymentGrain Deployment => GrainFactory.GetGrain<IDeploymentGrain>(state.State.DeploymentId);

    public async Task<PerformanceOptimization> Begin(PerformanceOptimization optimization)
    {
        OptimizationPolicy.Judge(Id, optimization).ThrowIfRefused();
        if (state.RecordExists)
        {
            return OptimizationPolicy.Same(state.State, optimization)
                ? state.State
                : throw Refusal.Conflict("id", $"Search {Id:D} is another one already.").ToException();
        }

        var deployment = await GrainFactory.GetGrain<IDeploymentGrain>(optimization.DeploymentId).Get()
            ?? throw Refusal.NotFound("deployment_id", $"There is no deployment {optimization.DeploymentId:D}.").ToException();
        OptimizationPolicy.Judge(deployment, await rollouts.FindOpenAsync(deployment.Id, CancellationToken.None)).ThrowIfRefused();
        if (await open.FindOpenAsync(deployment.Id, CancellationToken.None) is { } other)
        {
            throw Refusal.Conflict("deployment_id", $"Search {other:D} of this deployment goes on: wait for it or cancel it.").ToException();
        }

        var place = await Place(deployment) ?? throw Refusal.Conflict(
            "deployment_id", $"No camera of deployment {deployment.Id:D} is running: there are no frames to measure on.").ToException();
        var model = await Model(deployment.ModelId);
        var instances = deployment.AutoScalingEnabled ? await ReadyInstances(deployment.Id) : place.Workers;
        var most = Math.Min(workers.Workers.Count, deployment.MaxInstances);
        var bounds = new SearchBounds
        {
            LeastInstances = deployment.AutoScalingEnabled ? 1 : instances,
            MostInstances = deployment.AutoScalingEnabled ? Math.Max(instances, most) : instances,
            MostBatch = model.BatchSizeMax ?? int.MaxValue,
            MostBusy = (double)deployment.ScaleUpThreshold / 100,
            Cameras = place.All,
        };
        await state.WriteRow(OptimizationMachine.Start(
            optimization, deployment, OptimizationPolicy.Of(deployment, model, instances), bounds, time.GetUtcNow().Stored()));
        LogBegun(Id, deployment.Id, state.State.Progress.Reason);
        return state.State;
    }

    public Task<PerformanceOptimization?> Get() => Task.FromResult(state.RecordExists ? state.State : null);

    public async Task<PerformanceOptimization> Cancel(Guid? by)
    {
        RequireRow();
        using (AuditAction.Named("optimizations.cancel"))
        {
            await Store(OptimizationMachine.Cancel(state.State, by, time.GetUtcNow().Stored()));
        }

        await _stopping.CancelAsync();
        return state.State;
    }

    public async Task<PerformanceOptimization> Apply(Guid? by)
    {
        RequireRow();
        var (phase, proposal) = (state.State.Progress.Phase, state.State.Progress.Proposal);
        if (phase == OptimizationPhase.Applied)
        {
            return state.State;
        }

        if (phase != OptimizationPhase.Proposed || proposal is null)
        {
            throw Refusal.Conflict(null, $"Search {Id:D} proposes nothing: {phase}. {state.State.Progress.Reason}").ToException();
        }

        var stored = await Deployment.GetStored() ?? throw Refusal.NotFound(null, $"There is no deployment {state.State.DeploymentId:D}.").ToException();
        if (!await IsApplied(stored.Deployment, proposal))
        {
            if (await Trouble(stored.Deployment) is { } trouble)
            {
                throw Refusal.Conflict(null, $"{trouble} What was measured does not hold any more: search anew.").ToException();
            }

            await Deployment.Edit(new()
            {
                Fields = OptimizationPolicy.Columns(stored.Deployment, state.State.Progress.Current, proposal.Configuration),
                IfMatch = [stored.RowVersion],
            });
        }

        using (AuditAction.Named("optimizations.apply"))
        {
            await Store(OptimizationMachine.Apply(state.State, by, time.GetUtcNow().Stored()));
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

        if (_measuring is { } measuring)
        {
            if (measuring.IsCompleted)
            {
                _measuring = null;
                await Store(OptimizationMachine.Take(state.State, await measuring, time.GetUtcNow().Stored()));
            }

            return;
        }

        if (await maintenance.FindAsync(state.State.SiteId) is null)
        {
            await GoOn();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_measuring is { } measuring)
        {
            await Task.WhenAny(measuring, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task GoOn()
    {
        var deployment = await Deployment.Get();
        var trouble = deployment is null ? "The deployment is gone." : await Trouble(deployment);
        if (trouble is not null)
        {
            await Store(OptimizationMachine.Fail(state.State, trouble, time.GetUtcNow().Stored()));
        }
        else if (OptimizationSearch.Next(state.State) is { } next)
        {
            _measuring = Measure(deployment!, next, _stopping.Token);
        }
        else
        {
            await Store(OptimizationMachine.Conclude(state.State, time.GetUtcNow().Stored()));
        }
    }

    // Never faults: what goes wrong is an answer.
    private async Task<ConfigurationMeasurement> Measure(Deployment deployment, TrialConfiguration configuration, CancellationToken cancellationToken)
    {
        var worker = "";
        try
        {
            if (await Place(deployment) is not { } place)
            {
                return Faulty(TrialFault.NoFrames, "No camera of the deployment is running.");
            }

            worker = place.Silo;
            var reference = DeploymentPipeline.Of(await Model(deployment.ModelId), deployment);
            var measured = await inference.On(SiloAddress.FromParsableString(worker)).Measure(
                new()
                {
                    DeploymentId = deployment.Id,
                    Configuration = configuration,
                    Model = OptimizationPolicy.ToModel(reference, state.State.Progress.Current, configuration),
                    Reference = reference,
                    ConfidenceThreshold = (float)deployment.ConfidenceThreshold,
                    TimeoutSeconds = deployment.TimeoutSeconds,
                    Share = (double)place.All / configuration.Instances / place.Here,
                    Frames = state.State.Wish.Frames,
                },
                cancellationToken);
            return measured with { Worker = worker };
        }
        catch (Exception failure)
        {
            return Faulty(TrialFault.WorkerLost, failure.Message);
        }

        ConfigurationMeasurement Faulty(TrialFault fault, string why) =>
            new() { Configuration = configuration, Worker = worker, Fault = fault, FaultReason = why };
    }

    // Why what was measured says nothing of the deployment any more.
    private async Task<string?> Trouble(Deployment deployment)
    {
        var row = state.State;
        if (OptimizationPolicy.Judge(deployment, await rollouts.FindOpenAsync(deployment.Id, CancellationToken.None)) is { } refusal)
        {
            return refusal.Message;
        }

        return deployment.ModelId != row.ModelId ? "The deployment runs another version by now."
            : OptimizationPolicy.Of(deployment, await Model(deployment.ModelId), row.Progress.Current.Instances) != row.Progress.Current
                ? "Settings of the deployment were changed meanwhile."
                : null;
    }

    // A silo died between the two rows.
    private async Task<bool> IsApplied(Deployment deployment, OptimizationProposal proposal) =>
        deployment.ModelId == state.State.ModelId
        && OptimizationPolicy.Of(deployment, await Model(deployment.ModelId), proposal.Configuration.Instances) == proposal.Configuration
        && (!deployment.AutoScalingEnabled || deployment.MinInstances == proposal.Configuration.Instances
            || proposal.Configuration.Instances == state.State.Progress.Current.Instances);

    private async Task<TrialPlace?> Place(Deployment deployment) => OptimizationPolicy.Place(
        deployment.Id, await GrainFactory.GetGrain<ICameraSupervisorGrain>(0).GetStatusesOf(deployment.SiteId));

    private async Task<int> ReadyInstances(Guid deployment) => Math.Max(
        1, (await GrainFactory.GetGrain<ISchedulerGrain>(0).GetStatus(deployment)).Instances.Count(each => each.State == InstanceState.Ready));

    private async Task<AiModel> Model(Guid id) => await GrainFactory.GetGrain<IModelGrain>(id).Get()
        ?? throw Refusal.NotFound("model_id", $"There is no model {id:D}.").ToException();

    private void RequireRow()
    {
        if (!state.RecordExists)
        {
            throw Refusal.NotFound(null, $"There is no search {Id:D}.").ToException();
        }
    }

    private async Task Store(PerformanceOptimization next)
    {
        var before = state.State;
        if (next == before)
        {
            return;
        }

        await state.WriteRow(next with { UpdatedAt = time.GetUtcNow().Stored() });
        if (next.Progress.Phase != before.Progress.Phase)
        {
            LogTaken(Id, next.Progress.Phase, next.Progress.Reason);
        }
    }

    [LoggerMessage(LogLevel.Information, "Search {Search} for better settings of deployment {Deployment}: {Reason}")]
    private partial void LogBegun(Guid search, Guid deployment, string reason);

    [LoggerMessage(LogLevel.Information, "Search {Search}: {Phase}. {Reason}")]
    private partial void LogTaken(Guid search, OptimizationPhase phase, string reason);
}
