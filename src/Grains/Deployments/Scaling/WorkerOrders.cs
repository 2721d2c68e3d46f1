using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>Makes what workers are to hold out of what was decided, and tells them. What a worker knows already is not sent again.</summary>
internal sealed class WorkerOrders(IInferenceServiceClient inference, ScalingOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, string> _told = new();

    /// <summary>What one worker is to hold, and where the frames go of models that certain workers serve.</summary>
    public static WorkerInstances For(
        string silo,
        IReadOnlyCollection<ScheduledDeployment> known,
        IReadOnlyCollection<ScaledDeployment> all,
        FleetView fleet,
        TimeSpan goodFor) => new()
        {
            Held = [.. known.Where(each => each.State.Workers.Contains(silo) || each.LeavingWorkers.Contains(silo))
                .Select(each => each.Deployment.Model!).DistinctBy(model => model.ModelId).OrderBy(model => model.ModelId)],
            Routes = [.. Routes(known, all, fleet)],
            GoodFor = goodFor,
        };

    /// <summary>Tells every worker. One that does not take it is told again at the next round.</summary>
    public async Task TellAsync(
        IReadOnlyList<SiloAddress> workers,
        IReadOnlyCollection<ScheduledDeployment> known,
        IReadOnlyCollection<ScaledDeployment> all,
        FleetView fleet,
        CancellationToken cancellationToken)
    {
        var names = workers.Select(worker => worker.ToParsableString()).ToHashSet();
        foreach (var gone in _told.Keys.Where(silo => !names.Contains(silo)))
        {
            _told.TryRemove(gone, out _);
        }

        await Task.WhenAll(workers.Select(worker => TellAsync(
            worker, For(worker.ToParsableString(), known, all, fleet, options.GoodFor), cancellationToken)));
    }

    // Where a deployment of the version is placed by nobody, workers load it as they need it, and so they do where none is ready.
    private static IEnumerable<ModelRoute> Routes(
        IReadOnlyCollection<ScheduledDeployment> known, IReadOnlyCollection<ScaledDeployment> all, FleetView fleet) =>
        from version in known.GroupBy(each => each.Deployment.ModelId)
        where all.All(deployment => deployment.ModelId != version.Key || deployment.IsScheduled)
        let workers = version.SelectMany(each => Serving(each, fleet)).Distinct().Order(StringComparer.Ordinal).ToArray()
        where workers.Length > 0
        orderby version.Key
        select new ModelRoute(version.Key, workers);

    private static IEnumerable<string> Serving(ScheduledDeployment each, FleetView fleet)
    {
        var allReady = fleet.AllReady(each);
        return each.State.Workers.Concat(each.LeavingWorkers.Where(silo => each.StillServes(silo, allReady)))
            .Where(silo => fleet.IsUp(silo) && fleet.Ready.Contains((silo, each.Deployment.ModelId)));
    }

    private async Task TellAsync(SiloAddress worker, WorkerInstances instances, CancellationToken cancellationToken)
    {
        var silo = worker.ToParsableString();
        var revision = RevisionOf(instances);
        try
        {
            var service = inference.On(worker);
            var knows = _told.GetValueOrDefault(silo) == revision && await CallAsync(service, revision, null, cancellationToken);
            if (!knows && await CallAsync(service, revision, instances, cancellationToken))
            {
                _told[silo] = revision;
            }
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It may have taken it or not.
            _told.TryRemove(silo, out _);
        }
    }

    private Task<bool> CallAsync(IInferenceService service, string revision, WorkerInstances? instances, CancellationToken cancellationToken) =>
        service.Hold(revision, instances, cancellationToken).WaitAsync(options.CallTimeout, time, cancellationToken);

    private static string RevisionOf(WorkerInstances instances) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(instances, FleetJson.Options)).AsSpan(0, 16));
}
