using System.Diagnostics.Metrics;

using OrleansAiFleet.Storage.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Deployments.Destinations;

/// <summary>Counts frames that go to destinations by what became of them. One per process.</summary>
internal sealed class DestinationMeter : IDisposable
{
    public const string Name = "OrleansAiFleet.Silo.Destinations";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _dead;
    private readonly Counter<long> _discarded;
    private IReadOnlyList<OldestFrame> _oldest = [];

    public DestinationMeter()
    {
        _delivered = _meter.CreateCounter<long>("fleet.destinations.delivered", "{frame}", "Frames that their receiver has");
        _failed = _meter.CreateCounter<long>("fleet.destinations.failed", "{try}", "Tries that failed, by reason");
        _dead = _meter.CreateCounter<long>("fleet.destinations.dead_letters", "{frame}", "Frames that became dead letters");
        _discarded = _meter.CreateCounter<long>(
            "fleet.destinations.discarded",
            "{frame}",
            "Frames of which nothing was left to send or that had no place there, and dead letters kept no longer");
        _meter.CreateObservableGauge(
            "fleet.destinations.oldest",
            () => Volatile.Read(ref _oldest).Select(frame => new Measurement<double>(frame.Age.TotalSeconds, Of(frame.DeploymentId, frame.Name))),
            "s",
            "How long the oldest frame waits");
    }

    public void Delivered(DestinationLease lease, int frames) => _delivered.Add(frames, Of(lease.DeploymentId, lease.Name));

    public void Failed(DestinationLease lease, string reason) => _failed.Add(1, [.. Of(lease.DeploymentId, lease.Name), new("reason", reason)]);

    public void Dead(Guid deploymentId, string destination, long frames) => _dead.Add(frames, Of(deploymentId, destination));

    public void Discarded(long frames) => _discarded.Add(frames);

    /// <summary>What waits longest, as of now.</summary>
    public void Oldest(IReadOnlyList<OldestFrame> oldest) => Volatile.Write(ref _oldest, oldest);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?>[] Of(Guid deploymentId, string destination) =>
        [new("deployment_id", deploymentId), new("destination", destination)];
}
