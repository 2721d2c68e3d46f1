using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Storage.Deployments.Destinations;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Tests.Detections;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Deployments.Destinations;

/// <summary>A deployment with destinations, and workers that store what it finds.</summary>
internal sealed class SendingDeployment(FleetDatabase database, Deployment row)
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    public Guid Id => row.Id;

    public DetectionOutbox Outbox { get; } = new(database.Database);

    public DestinationLeases Leases { get; } = new(database.Database);

    public DestinationQueries Queries { get; } = new(database.Database);

    public static async Task<SendingDeployment> CreateAsync(FleetDatabase database, params string[] destinations) =>
        await CreateAsync(database, [.. destinations.Select(OutputDestination (name) => File(name))]);

    public static async Task<SendingDeployment> CreateAsync(FleetDatabase database, OutputDestination[] destinations)
    {
        var model = await database.StoreAsync(Rows.Model());
        var site = await database.StoreAsync(Rows.Site());
        return new(database, await database.StoreAsync(Rows.Deployment(model, site) with { OutputDestinations = DestinationJson.Write(destinations) }));
    }

    public static FileDestination File(string name) => new() { Name = name, Directory = "a", MaxDelaySeconds = 0 };

    /// <summary>Its row has other destinations from now on.</summary>
    public Task ChangeAsync(params OutputDestination[] destinations) => database.ExecuteAsync(
        "UPDATE model_deployments SET output_destinations = $1::jsonb WHERE id = $2",
        DestinationJson.Write(destinations) is { } json ? json.Value : "null", row.Id);

    /// <summary>A camera sees something at each of these seconds, in one batch.</summary>
    public static Detection[] Seen(SendingDeployment deployment, Guid camera, params int[] seconds) =>
    [
        .. seconds.Select(second => Batches.Detection(Batches.Noon.AddSeconds(second), deployment.Id) with { CameraId = camera }),
    ];

    public async Task<long> StoreAsync(IReadOnlyList<Detection> detections, params string[] destinations) =>
        await new FrameBatchSql(database.Database, TimeSpan.FromSeconds(10)).StoreAsync([Batch(detections, destinations)], CancellationToken.None);

    public static FrameBatch Batch(IReadOnlyList<Detection> detections, params string[] destinations) => new(detections, [])
    {
        Outgoing = [.. destinations.SelectMany(name => detections.Select(detection => new OutgoingDetection(detection.Id, name)))],
    };

    /// <summary>Takes one of its destinations, where anything is due for it.</summary>
    public async Task<DestinationLease?> ClaimAsync(string name, TimeSpan? length = null) =>
        (await Leases.ClaimAsync(Guid.NewGuid(), 1000, length ?? Lease, CancellationToken.None))
            .SingleOrDefault(lease => lease.DeploymentId == Id && lease.Name == name);

    public Task<OutboxHead> ReadAsync(DestinationLease lease) => Outbox.ReadAsync(lease, CancellationToken.None);

    public async Task<DestinationState> StateAsync(string name) =>
        (await Queries.ReadStatesAsync(Id, CancellationToken.None)).Single(state => state.Name == name);
}
