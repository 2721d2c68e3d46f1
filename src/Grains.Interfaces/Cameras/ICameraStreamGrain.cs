using Orleans.Concurrency;

namespace OrleansAiFleet.Cameras;

/// <summary>The running stream of one camera, on the worker that decodes and infers it. Key: the camera's id.</summary>
[Alias("Fleet.ICameraStreamGrain")]
public interface ICameraStreamGrain : IGrainWithGuidKey
{
    /// <summary>Makes the stream run to this plan. The plan it already runs to changes nothing; a plan without deployments stops it.</summary>
    [Alias("Ensure"), ResponseTimeout("00:00:10")]
    Task<CameraStatus> Ensure(CameraPlan plan);

    /// <summary>Stops the stream and lets the activation go. Idempotent.</summary>
    [Alias("Stop"), ResponseTimeout("00:00:10")]
    Task Stop(string reason);

    /// <summary>How the stream does, or null where none runs.</summary>
    [Alias("GetStatus"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<CameraStatus?> GetStatus();

    /// <summary>
    /// The next frame after <paramref name="afterNumber"/> with its detections drawn in, as JPEG. Waits for one up to ten
    /// seconds, then null. Frames are drawn only while somebody asks.
    /// </summary>
    [Alias("GetLiveFrame"), AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<LiveFrame?> GetLiveFrame(long afterNumber, CancellationToken cancellationToken = default);
}
