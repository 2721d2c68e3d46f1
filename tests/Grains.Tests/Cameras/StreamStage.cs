using System.Collections.Concurrent;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Grains.Tests.Cameras;

/// <summary>What happens on the workers, seen from outside.</summary>
internal sealed class StreamStage
{
    /// <summary>Plans that run, and on which silo.</summary>
    public ConcurrentDictionary<Guid, (string Revision, SiloAddress Silo)> Running { get; } = new();

    /// <summary>Cameras whose stream answers when this is completed.</summary>
    public ConcurrentDictionary<Guid, TaskCompletionSource> Hanging { get; } = new();

    /// <summary>Deployments whose model is loaded nowhere.</summary>
    public ConcurrentDictionary<Guid, bool> Unloaded { get; } = new();

    /// <summary>Cameras whose stream cannot be started, and why.</summary>
    public ConcurrentDictionary<Guid, Exception> Broken { get; } = new();
}

/// <summary>A camera's stream without a camera.</summary>
[GrainType("camera-stream"), KeepAlive]
internal sealed class StagedCameraStreamGrain(StreamStage stage, ILocalSiloDetails silo) : Grain, ICameraStreamGrain
{
    public async Task<CameraStatus> Ensure(CameraPlan plan)
    {
        if (stage.Hanging.TryGetValue(plan.Camera.Id, out var hanging))
        {
            await hanging.Task;
        }

        if (stage.Broken.TryGetValue(plan.Camera.Id, out var failure))
        {
            throw failure;
        }

        stage.Running[plan.Camera.Id] = (plan.Revision, silo.SiloAddress);
        return new()
        {
            CameraId = plan.Camera.Id,
            SiteId = plan.Camera.SiteId,
            Name = plan.Camera.Name,
            Silo = silo.SiloAddress.ToParsableString(),
            PlanRevision = plan.Revision,
            State = StreamState.Running,
            Grade = CameraGrade.Excellent,
            Ready = [.. ReadyOf(plan).Select(subscription => subscription.DeploymentId)],
            Live = [.. ReadyOf(plan).Where(each => each.Mode == SubscriptionMode.Live).Select(each => each.DeploymentId)],
        };
    }

    private IEnumerable<CameraSubscription> ReadyOf(CameraPlan plan) =>
        plan.Subscriptions.Where(subscription => !stage.Unloaded.ContainsKey(subscription.DeploymentId));

    public Task Stop(string reason)
    {
        stage.Running.TryRemove(this.GetPrimaryKey(), out _);
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<CameraStatus?> GetStatus() => Task.FromResult<CameraStatus?>(null);

    public Task<LiveFrame?> GetLiveFrame(long afterNumber, CancellationToken cancellationToken = default) =>
        throw Refusal.NotFound(null, "There is no picture.").ToException();
}
