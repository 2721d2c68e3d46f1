using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>Asks workers how they do and remembers what they have, so that one that is silent for a moment loses nothing.</summary>
internal sealed class WorkerReports(
    IClusterMembershipService membership, WorkerDirectory directory, IInferenceServiceClient inference, ScalingOptions options, TimeProvider time)
{
    private const decimal BytesPerGb = 1L << 30;

    private readonly LoadMeter _meter = new();
    private Dictionary<string, WorkerStatus> _known = [];
    private Dictionary<string, string> _names = [];

    /// <summary>Workers that are up.</summary>
    public IReadOnlyList<SiloAddress> Workers { get; private set; } = [];

    /// <summary>Asks all of them at once.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var workers = directory.Workers;
        var answers = await Task.WhenAll(workers.Select(worker => AskAsync(worker, cancellationToken)));
        _meter.Take([.. answers.OfType<(WorkerStatus, long)>()], time);
        Workers = workers;
        var known = new Dictionary<string, WorkerStatus>();
        for (var i = 0; i < workers.Count; i++)
        {
            var silo = workers[i].ToParsableString();
            if ((answers[i]?.Status ?? _known.GetValueOrDefault(silo)) is { } status)
            {
                known[silo] = status;
            }
        }

        _known = known;
        _names = membership.CurrentSnapshot.Members.Values.ToDictionary(member => member.SiloAddress.ToParsableString(), member => member.Name);
    }

    /// <summary>A silo's name; its address where it is forgotten.</summary>
    public string NameOf(string silo) => _names.GetValueOrDefault(silo) ?? silo;

    /// <summary>See <see cref="LoadMeter.Read"/>.</summary>
    public LoadReading? Read(Guid modelId, IReadOnlyCollection<string> silos, DateTimeOffset now) => _meter.Read(modelId, silos, now);

    /// <summary>The workers with what they have and hold.</summary>
    /// <param name="deployments">Every active deployment.</param>
    public FleetView View(IReadOnlyCollection<ScaledDeployment> deployments)
    {
        var byModel = deployments.ToLookup(deployment => deployment.ModelId);
        var loaded = _known.SelectMany(worker => worker.Value.Models.Select(model => (Silo: worker.Key, model.ModelId))).ToHashSet();
        return new(
            [.. Workers.Select(worker => worker.ToParsableString()).Select(silo => CapacityOf(silo, _known.GetValueOrDefault(silo)))],
            loaded,
            [
                .. loaded.Where(each => byModel[each.ModelId].Any(deployment => !deployment.IsScheduled))
                    .Select(each => (each.Silo, each.ModelId, Largest(byModel[each.ModelId]))),
            ],
            NameOf);
    }

    private WorkerCapacity CapacityOf(string silo, WorkerStatus? status) => status is null
        ? new(silo, NameOf(silo), false, 0, 0) { IsSilent = true }
        : new(
            silo,
            NameOf(silo),
            status.GpuMemoryBytes > 0,
            Math.Round((status.GpuMemoryBytes > 0 ? status.GpuMemoryBytes : status.RamBytes) / BytesPerGb, 2),
            status.Cores);

    private static InstanceNeed Largest(IEnumerable<ScaledDeployment> deployments) => new()
    {
        GpuMemoryGb = deployments.Max(deployment => deployment.Need.GpuMemoryGb),
        RamGb = deployments.Max(deployment => deployment.Need.RamGb),
        Cores = deployments.Max(deployment => deployment.Need.Cores),
    };

    // Null where it did not answer in time.
    private async Task<(WorkerStatus Status, long At)?> AskAsync(SiloAddress worker, CancellationToken cancellationToken)
    {
        try
        {
            var status = await inference.On(worker).GetStatus(cancellationToken).WaitAsync(options.CallTimeout, time, cancellationToken);
            return (status, time.GetTimestamp());
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The health check says so; here it only is not counted.
            return null;
        }
    }
}
