using System.Net;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Deployments.Optimization;
using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>What all camera streams of a worker share.</summary>
internal sealed record StreamParts(
    IOptions<CameraOptions> Configuration,
    IModelRepository Models,
    IFrameLedger Ledger,
    TrialLedger Trials,
    ICameraSecrets Secrets,
    ProcessLauncher Launcher,
    MediaProbe Probe,
    HardwareDecoder Decoder,
    FramePool Pool,
    RunningCameras Running,
    ShadowTaps Taps,
    VisionParts Vision,
    TimeProvider Time,
    ILoggerFactory Loggers)
{
    public CameraOptions Options => Configuration.Value;

    /// <summary>What is covered in pictures.</summary>
    public PictureBlur Blur { get; } = new(Configuration.Value.BlurredClasses);

    /// <summary>How names of sources are resolved.</summary>
    public HostResolver Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
