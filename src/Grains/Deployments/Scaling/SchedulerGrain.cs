using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Orleans.Concurrency;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>
/// Owns where the models of scaled deployments are. Round after round it asks workers how they do, has policies decide, stores what they
/// decided, and tells the workers. Deployments own their thresholds and say nothing to it: it reads their rows. Holds nothing that it
/// cannot read or measure again.
/// </summary>
// Reentrant: a round waits for workers, and a request that starts a deployment should not wait for that.
[GrainType("scheduler"), KeepAlive, Reentrant]
internal sealed partial class SchedulerGrain(
    IScalingStore store,
    IClusterMembershipService membership,
    WorkerDirectory directory,
    IInferenceServiceClient inference,
    ScalingMeter meter,
    IOptions<ScalingOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<SchedulerGrain> logger) : Grain, ISchedulerGrain, IDisposable
{
    private readonly WorkerReports _reports = new(membership, directory, inference, options.Value, time);
    private readonly WorkerOrders _orders = new(inference, options.Value, time);
    private readonly Dictionary<Guid, ScheduledDeployment> _known = [];
    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A worker that is short of breath may miss one or another.
    private const int RoundsInGap = 5;

    // One decision at a time: each rests on what the one before stored.
    private readonly SemaphoreSlim _turn = new(1);
    private IReadOnlyList<ScaledDeployment> _deployments = [];
    private bool _readFailing;

    private ScalingOptions Options => options.Value;

    private TimeSpan LongestWindow => Options.DownWindow > Options.UpWindow ? Options.DownWindow : Options.UpWindow;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(
            static (grain, stopping) => grain.Round(stopping),
            this,
            new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Options.Interval, Interleave = true });
        return Task.CompletedTask;
    }

    public Task Wake() => Task.CompletedTask;

    public async Task<DeploymentPlaces> Start(Guid deploymentId)
    {
        await Task.WhenAny(_firstRound.Task, Task.Delay(Options.CallTimeout, time));
        await _turn.WaitAsync();
        try
        {
            if (!_known.ContainsKey(deploymentId))
            {
                // Deployed since the last round.
                await Read(CancellationToken.None);
            }

            if (!_known.TryGetValue(deploymentId, out var each))
            {
                return new();
            }

            each.Used(time.GetUtcNow());
            var isAsleep = each.Deployment.IsOnDemand && each.State.Wanted == 0;
            if (isAsleep && await Decide(deploymentId, CancellationToken.None) && each.State.Workers.Length > 0)
            {
                meter.CountColdStart();
                return new() { Workers = each.State.Workers, IsColdStart = true };
            }

            return new() { Workers = each.State.Workers, Refusal = each.State.Workers.Length == 0 ? each.State.Refusal : null };
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task NoteColdStart(Guid deploymentId, double milliseconds)
    {
        meter.RecordColdStart(milliseconds);
        await store.NoteColdStartAsync(deploymentId, milliseconds, CancellationToken.None);
    }

    public async Task<ScalingStatus> GetStatus(Guid deploymentId)
    {
        // Just activated: the answer "none" would be a lie.
        await Task.WhenAny(_firstRound.Task, Task.Delay(Options.CallTimeout, time));
        return _known.TryGetValue(deploymentId, out var each)
            ? SchedulerStatus.Of(each, _reports.View(_deployments))
            : SchedulerStatus.Of(deploymentId, _deployments, _reports.View(_deployments));
    }

    public void Dispose() => _turn.Dispose();

    private async Task Round(CancellationToken cancellationToken)
    {
        await _reports.ReadAsync(cancellationToken);
        await AskGates(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await Read(cancellationToken);
            Measure();
            await Decide(starts: null, cancellationToken);
            _readFailing = false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // What was decided stays as it is: a database that is away stops nobody's watch.
            if (!_readFailing)
            {
                LogNotDecided(failure);
            }

            _readFailing = true;
        }
        finally
        {
            _turn.Release();
        }

        await Tell(cancellationToken);
        _firstRound.TrySetResult();
    }

    // Who does not answer may be in use.
    private async Task AskGates(CancellationToken cancellationToken)
    {
        var awake = _known.Values.Where(each => each.Deployment.IsOnDemand && each.State.Wanted > 0).ToList();
        await Task.WhenAll(awake.Select(async each =>
        {
            try
            {
                var gate = GrainFactory.GetGrain<IInferenceGateGrain>(each.Deployment.Id);
                var activity = await gate.GetActivity().WaitAsync(Options.CallTimeout, time, cancellationToken);
                each.Used(activity.Calls > 0 ? time.GetUtcNow() : activity.LastAt ?? each.LastUsedAt ?? time.GetUtcNow());
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                each.Used(time.GetUtcNow());
            }
        }));
    }

    private async Task Read(CancellationToken cancellationToken)
    {
        var rows = await store.ReadAsync(cancellationToken);
        var states = rows.States.ToDictionary(state => state.DeploymentId);
        _deployments = rows.Deployments;
        foreach (var deployment in rows.Deployments.Where(deployment => deployment.IsScheduled))
        {
            var state = states.GetValueOrDefault(deployment.Id) ?? new() { DeploymentId = deployment.Id };
            if (_known.TryGetValue(deployment.Id, out var each))
            {
                each.Deployment = deployment;
                if (each.State.Revision != state.Revision)
                {
                    each.Reads(state);
                }
            }
            else
            {
                _known[deployment.Id] = each = new(deployment, state);
                each.Used(time.GetUtcNow());
            }
        }

        var scheduled = rows.Deployments.Where(deployment => deployment.IsScheduled).Select(deployment => deployment.Id).ToHashSet();
        foreach (var gone in _known.Keys.Where(id => !scheduled.Contains(id)).ToList())
        {
            _known.Remove(gone);
        }

        await Release(rows, scheduled, cancellationToken);
    }

    // Ended, paused, or not scaled any more: it is placed nowhere.
    private async Task Release(ScalingRows rows, HashSet<Guid> scheduled, CancellationToken cancellationToken)
    {
        ScalingState[] states = [.. rows.States.Where(state => state.Workers.Length > 0 && !scheduled.Contains(state.DeploymentId))];
        if (states.Length > 0)
        {
            var now = time.GetUtcNow().Stored();
            var compared = rows.Deployments.Where(deployment => deployment.IsInRollout).Select(deployment => deployment.Id).ToHashSet();
            await store.WriteAsync(
                [.. states.Select(state => state with { Workers = [], Wanted = 0, Refusal = null, ChangedAt = now })],
                [.. states.Select(state => SchedulerStatus.Release(state, compared.Contains(state.DeploymentId), now))],
                cancellationToken);
        }
    }

    private void Measure()
    {
        var now = time.GetUtcNow();
        var view = _reports.View(_deployments);
        foreach (var each in _known.Values)
        {
            each.Loads(silo => view.Ready.Contains((silo, each.Deployment.ModelId)), Options, now);
            string[] ready = [.. each.State.Workers.Where(silo => view.Ready.Contains((silo, each.Deployment.ModelId)))];
            if (_reports.Read(each.Deployment.ModelId, ready, now) is { } reading)
            {
                each.Measured(reading, LongestWindow, RoundsInGap * Options.Interval);
            }
        }
    }

    /// <returns>False where somebody else decided meanwhile: the next round reads what.</returns>
    private async Task<bool> Decide(Guid? starts, CancellationToken cancellationToken)
    {
        var view = _reports.View(_deployments);
        var changes = ScalingPlanner.Plan(_known, view, Options, starts, time.GetUtcNow().Stored()).Changes;
        if (changes.Count == 0)
        {
            return true;
        }

        // Stored first; workers are told afterwards, and told again by whoever comes after this activation.
        if (!await store.WriteAsync([.. changes.Select(change => change.State)], [.. changes.Select(change => change.Decision)], cancellationToken))
        {
            return false;
        }

        foreach (var (state, decision, mustGo) in changes)
        {
            _known[state.DeploymentId].Stored(state with { Revision = state.Revision + 1 }, mustGo);
            meter.Count(decision);
            LogDecided(decision.DeploymentId, decision.FromInstances, decision.ToInstances, decision.Reason);
        }

        return true;
    }

    private async Task Tell(CancellationToken cancellationToken)
    {
        var view = _reports.View(_deployments);
        ScheduledDeployment[] known = [.. _known.Values];
        await _orders.TellAsync(_reports.Workers, known, _deployments, view, cancellationToken);
        foreach (var each in known)
        {
            each.Step(view.IsUp, view.AllReady(each));
        }

        meter.Show([.. known.Select(each => SchedulerStatus.Count(each, view))]);
    }

    [LoggerMessage(LogLevel.Information, "Deployment {Deployment}: from {From} to {To} instances. {Reason}")]
    private partial void LogDecided(Guid deployment, int from, int to, string reason);

    [LoggerMessage(LogLevel.Warning, "Scheduler: nothing can be decided at the moment; models stay where they are")]
    private partial void LogNotDecided(Exception failure);
}
