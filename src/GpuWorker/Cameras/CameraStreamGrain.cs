using Orleans.Concurrency;
using Orleans.Placement;

using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// Owns the running stream of one camera. Called by the camera supervisor and by those who watch; the stream itself runs
/// beside the grain's turns, not in them.
/// </summary>
[Reentrant, Immovable, KeepAlive, GrainType("camera-stream")]
internal sealed partial class CameraStreamGrain(
    StreamParts parts, ILocalSiloDetails silo, ILogger<CameraStreamGrain> logger) : Grain, ICameraStreamGrain, IAsyncDisposable
{
    private CameraStream? _stream;

    public async Task<CameraStatus> Ensure(CameraPlan plan)
    {
        if (plan.Subscriptions.Length == 0 || !plan.Camera.Enabled)
        {
            await Stop("no deployment looks at it");
            return Stopped(plan);
        }

        if (_stream is null)
        {
            _stream = new(plan, silo.SiloAddress.ToParsableString(), parts);
            LogStarted(plan.Camera.Id, plan.Camera.Name, plan.Subscriptions.Length);
        }
        else
        {
            _stream.Apply(plan);
        }

        return _stream.GetStatus();
    }

    public async Task Stop(string reason)
    {
        if (_stream is { } stream)
        {
            _stream = null;
            LogStopped(this.GetPrimaryKey(), reason);
            await stream.DisposeAsync();
        }

        // A call that came in meanwhile may have started it again.
        if (_stream is null)
        {
            DeactivateOnIdle();
        }
    }

    public Task<CameraStatus?> GetStatus() => Task.FromResult(_stream?.GetStatus());

    public Task<LiveFrame?> GetLiveFrame(long afterNumber, CancellationToken cancellationToken = default) =>
        _stream is { } stream ? stream.GetLiveFrameAsync(afterNumber, cancellationToken) : Task.FromResult<LiveFrame?>(null);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync();
        }
    }

    private CameraStatus Stopped(CameraPlan plan) => new()
    {
        CameraId = plan.Camera.Id,
        SiteId = plan.Camera.SiteId,
        Name = plan.Camera.Name,
        Silo = silo.SiloAddress.ToParsableString(),
        PlanRevision = plan.Revision,
        State = StreamState.Stopped,
    };

    [LoggerMessage(LogLevel.Information, "Camera {Camera} ({Name}) starts for {Deployments} deployments")]
    private partial void LogStarted(Guid camera, string name, int deployments);

    [LoggerMessage(LogLevel.Information, "Camera {Camera} stops: {Reason}")]
    private partial void LogStopped(Guid camera, string reason);
}
