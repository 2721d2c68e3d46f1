using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Deployments.Optimization;

/// <summary>Takes a frame that a deployment's camera gives. Must not wait; whoever keeps the frame adds a reference.</summary>
/// <param name="cameraId">The camera. Its frames come one after the other.</param>
/// <param name="frame">Held by the caller until this returns.</param>
internal delegate void FrameTap(Guid cameraId, VideoFrame frame);

/// <summary>Lets live frames of a deployment's cameras be seen beside its model, before its interval picks among them. For many threads.</summary>
internal sealed class ShadowTaps
{
    private readonly Lock _gate = new();
    private volatile Tap[] _taps = [];

    /// <summary>Gives the frame to whoever taps the deployment; costs next to nothing where nobody does.</summary>
    public void Offer(Guid deploymentId, Guid cameraId, VideoFrame frame)
    {
        foreach (var tap in _taps)
        {
            if (tap.DeploymentId == deploymentId)
            {
                tap.Take(cameraId, frame);
            }
        }
    }

    /// <summary>Gets frames until it is disposed; one may still be under way then.</summary>
    public IDisposable Open(Guid deploymentId, FrameTap take)
    {
        var tap = new Tap(this, deploymentId, take);
        lock (_gate)
        {
            _taps = [.. _taps, tap];
        }

        return tap;
    }

    private void Close(Tap tap)
    {
        lock (_gate)
        {
            _taps = [.. _taps.Where(each => each != tap)];
        }
    }

    private sealed class Tap(ShadowTaps taps, Guid deploymentId, FrameTap take) : IDisposable
    {
        public Guid DeploymentId => deploymentId;

        public FrameTap Take => take;

        public void Dispose() => taps.Close(this);
    }
}
