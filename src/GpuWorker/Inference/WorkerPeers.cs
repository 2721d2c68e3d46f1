using OrleansAiFleet.GpuWorker.Deployments.Scaling;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>The other workers of the cluster.</summary>
internal interface IWorkerPeers
{
    /// <summary>Whether there may be one at all.</summary>
    bool Any { get; }

    /// <summary>Up to two different ones, at random, of those that may serve a model.</summary>
    /// <param name="modelId">The model.</param>
    /// <param name="among">Those that may; null: those that the scheduler says, or any.</param>
    IReadOnlyList<WorkerPeer> PickTwo(Guid modelId, IReadOnlySet<SiloAddress>? among = null);
}

/// <summary>The active silos beside this one that have not said that they are no workers.</summary>
internal sealed class WorkerPeers(
    IClusterMembershipService membership,
    ILocalSiloDetails self,
    IInferenceServiceClient client,
    InstanceBook book,
    TimeProvider time) : IWorkerPeers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SiloAddress, WorkerPeer> _known = [];
    private MembershipVersion _seen = MembershipVersion.MinValue;

    public bool Any
    {
        get
        {
            lock (_gate)
            {
                return Refresh().Values.Any(peer => peer.MayBeWorker);
            }
        }
    }

    public IReadOnlyList<WorkerPeer> PickTwo(Guid modelId, IReadOnlySet<SiloAddress>? among = null)
    {
        var serving = among ?? book.WorkersOf(modelId);
        WorkerPeer[] candidates;
        lock (_gate)
        {
            candidates = [.. Refresh().Values.Where(peer => peer.MayBeWorker && serving?.Contains(peer.Silo) is not false)];
        }

        Random.Shared.Shuffle(candidates);
        return candidates.Length <= 2 ? candidates : candidates[..2];
    }

    private Dictionary<SiloAddress, WorkerPeer> Refresh()
    {
        var snapshot = membership.CurrentSnapshot;
        if (snapshot.Version == _seen)
        {
            return _known;
        }

        _seen = snapshot.Version;
        var active = snapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self.SiloAddress))
            .Select(member => member.SiloAddress)
            .ToHashSet();
        foreach (var gone in _known.Keys.Where(silo => !active.Contains(silo)).ToList())
        {
            _known.Remove(gone);
        }

        foreach (var silo in active.Where(silo => !_known.ContainsKey(silo)))
        {
            _known.Add(silo, new WorkerPeer(silo, client.On(silo), time));
        }

        return _known;
    }
}
