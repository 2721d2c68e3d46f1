using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>Camera streams on the looped sample clip at one frame a second, each with an ffmpeg process of its own.</summary>
internal sealed class RunningStreams(ModelRuntime runtime) : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private readonly ChildProcesses _children = new();
    private readonly CountingLedger _ledger = new();
    private ProcessLauncher? _launcher;

    /// <summary>Starts so many cameras, waits until all give frames, measures for the time given and stops them.</summary>
    /// <exception cref="InvalidOperationException">They do not all start, or a decoder ended.</exception>
    public async Task<FrameCost> MeasureAsync(int cameras, TimeSpan length, CancellationToken cancellationToken)
    {
        var parts = Parts();
        List<CameraStream> streams = [];
        try
        {
            for (var i = 0; i < cameras; i++)
            {
                streams.Add(new CameraStream(Plan(i), "benchmark", parts));

                // Their frames spread over the second, as those of real cameras do.
                await Task.Delay(TimeSpan.FromSeconds(1.0 / cameras), cancellationToken);
            }

            await WaitUntilAllRunAsync(streams, cancellationToken);
            return await MeasureAsync(streams, length, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(streams.Select(stream => stream.DisposeAsync().AsTask()));
        }
    }

    public void Dispose() => _launcher?.Dispose();

    private async Task<FrameCost> MeasureAsync(List<CameraStream> streams, TimeSpan length, CancellationToken cancellationToken)
    {
        int[] decoders = [.. _children.Ids];
        var (started, frames, worker) = (Stopwatch.GetTimestamp(), _ledger.FramesInferred, Environment.CpuUsage.TotalTime);
        var children = UsedBy(decoders);
        await Task.Delay(length, cancellationToken);
        var inferred = _ledger.FramesInferred - frames;
        return new(
            (Environment.CpuUsage.TotalTime - worker).TotalMilliseconds / inferred,
            (UsedBy(decoders) - children).TotalMilliseconds / inferred,
            inferred / Stopwatch.GetElapsedTime(started).TotalSeconds / streams.Count);
    }

    private static TimeSpan UsedBy(IEnumerable<int> processes) => processes.Aggregate(
        TimeSpan.Zero,
        static (sum, id) => sum + (ProcessUsage.Read(id) ?? throw new InvalidOperationException($"Decoder {id} ended.")).Cpu);

    private static async Task WaitUntilAllRunAsync(List<CameraStream> streams, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (streams.Find(stream => stream.GetStatus().FramesInferred < 2) is { } late)
        {
            if (Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                var status = late.GetStatus();
                throw new InvalidOperationException($"A camera does not start: {status.State}, {status.Problem}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private StreamParts Parts()
    {
        var options = Options.Create(new CameraOptions());
        _launcher ??= new(new(options.Value.ChildRules), _children);
        return new(
            options, new ServedModel(runtime), _ledger, NoTrials.Ledger(), new NoSecrets(), _launcher, new(_launcher),
            new(options, NullLogger<HardwareDecoder>.Instance), new FramePool(options.Value.FramePoolBytes), new(), new(), new(),
            TimeProvider.System, NullLoggerFactory.Instance);
    }

    private static CameraPlan Plan(int number) => new()
    {
        Revision = "1",
        Camera = new()
        {
            Id = Guid.NewGuid(),
            SiteId = Guid.NewGuid(),
            Name = $"camera {number}",
            SourceUrl = SampleSite.Clip,
            SamplingFps = 1,
            Pace = CameraPace.Live,
            Loop = true,
        },
        Subscriptions = [new() { DeploymentId = Guid.NewGuid(), Model = SampleRuntime.Model }],
    };

    /// <summary>The clips have no credentials.</summary>
    private sealed class NoSecrets : ICameraSecrets
    {
        public string Protect(Guid cameraId, string credentials) => throw new NotSupportedException();

        public string Unprotect(Guid cameraId, string stored) => throw new NotSupportedException();
    }
}
