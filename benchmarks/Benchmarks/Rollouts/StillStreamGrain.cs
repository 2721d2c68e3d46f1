using System.Collections.Concurrent;
using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.Benchmarks.Rollouts;

/// <summary>What streams were told last.</summary>
internal sealed class StillStreams
{
    private readonly ConcurrentDictionary<Guid, Guid[]> _models = new();

    public void Note(CameraPlan plan) => _models[plan.Camera.Id] = [.. plan.Subscriptions.Select(subscription => subscription.Model.ModelId)];

    /// <summary>Cameras that have this version and no other.</summary>
    public int Count(Guid model) => _models.Values.Count(models => models is [var only] && only == model);
}

/// <summary>A camera's stream without a picture: it takes its plan and does nothing.</summary>
[GrainType("camera-stream")]
internal sealed class StillStreamGrain(StillStreams streams, ILocalSiloDetails silo) : Grain, ICameraStreamGrain
{
    public Task<CameraStatus> Ensure(CameraPlan plan)
    {
        streams.Note(plan);
        return Task.FromResult(StatusOf(plan, silo));
    }

    /// <summary>A stream that does what its plan says, with every model loaded.</summary>
    public static CameraStatus StatusOf(CameraPlan plan, ILocalSiloDetails silo) => new()
    {
        CameraId = plan.Camera.Id,
        SiteId = plan.Camera.SiteId,
        Name = plan.Camera.Name,
        Silo = silo.SiloAddress.ToParsableString(),
        PlanRevision = plan.Revision,
        State = StreamState.Running,
        Live = [.. plan.Subscriptions.Where(each => each.Mode == SubscriptionMode.Live).Select(each => each.DeploymentId)],
        Ready = [.. plan.Subscriptions.Select(subscription => subscription.DeploymentId)],
    };

    public Task Stop(string reason) => Task.CompletedTask;

    public Task<CameraStatus?> GetStatus() => Task.FromResult<CameraStatus?>(null);

    public Task<LiveFrame?> GetLiveFrame(long afterNumber, CancellationToken cancellationToken = default) => Task.FromResult<LiveFrame?>(null);
}
