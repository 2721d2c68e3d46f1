using System.Diagnostics;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Benchmarks.Cluster;

/// <summary>
/// What the cluster is measured by: the same ffmpeg, session, kernels, decoder and tracker in one loop of one process, with
/// no Orleans and nothing stored.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    // What the worker asks the model for and tracks with at a deployment's threshold of 0.5.
    private const float Weakest = 0.25f;

    private static readonly TrackerSettings Tracking = new(0.5f, 0.3f, TimeSpan.FromSeconds(2), 2);

    private readonly ProcessLauncher _launcher = new(new(new() { User = "nobody", UserKey = "" }), null);
    private readonly FramePool _pool = new(64 << 20);
    private readonly OnnxSession _session;
    private readonly SessionBuffers _buffers;
    private readonly FrameCodec _codec;

    /// <param name="model">ONNX file.</param>
    /// <param name="batch">Largest batch, as the worker measured it for this machine.</param>
    public BareLoop(string model, int batch)
    {
        var sessions = new SessionFactory(Options.Create(new InferenceOptions()), NullLogger<SessionFactory>.Instance);
        _session = sessions.Open(model);
        var profile = ProfileResolver.Resolve(_session.Contract, new ProfileOverrides()).Profile!;
        _buffers = _session.Allocate(profile.Input, batch);
        _codec = new(profile, _session.Contract);
    }

    /// <summary>Plays a clip once.</summary>
    /// <param name="clip">640x360 clip.</param>
    /// <param name="realTime">In real time instead of as fast as it goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BareRun> RunAsync(string clip, bool realTime, CancellationToken cancellationToken)
    {
        var segment = new MediaSegment { Kind = SourceKind.Path, Addresses = [clip] };
        var plan = new DecodePlan { Width = 640, Height = 360, RealTime = realTime };
        await using var reader = await FfmpegReader.StartAsync(_launcher, segment, plan, new CameraOptions(), _pool, cancellationToken);
        var tracker = new ObjectTracker(Tracking, 1);
        var latencies = new List<double>();
        var batch = new List<(VideoFrame Frame, long ArrivedAt)>();
        long first = 0;
        while (await FillAsync(reader, batch, cancellationToken))
        {
            first = first == 0 ? batch[0].ArrivedAt : first;
            Infer(batch, tracker);
            latencies.AddRange(batch.Select(item => Stopwatch.GetElapsedTime(item.ArrivedAt).TotalMilliseconds));
            batch.ForEach(item => item.Frame.Release());
        }

        return new(latencies.Count, Stopwatch.GetElapsedTime(first), latencies);
    }

    public void Dispose()
    {
        _buffers.Dispose();
        _session.Dispose();
        _launcher.Dispose();
    }

    private async ValueTask<bool> FillAsync(
        FfmpegReader reader, List<(VideoFrame Frame, long ArrivedAt)> batch, CancellationToken cancellationToken)
    {
        batch.Clear();
        while (batch.Count < _buffers.MaximumBatch && await reader.ReadAsync(cancellationToken) is { } frame)
        {
            batch.Add((frame, Stopwatch.GetTimestamp()));
        }

        return batch.Count > 0;
    }

    private void Infer(List<(VideoFrame Frame, long ArrivedAt)> batch, ObjectTracker tracker)
    {
        var transforms = new PictureTransform[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            transforms[i] = _codec.Encode(batch[i].Frame, _buffers, i);
        }

        var outputs = _buffers.Run(batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            var objects = new List<ObjectBox>();
            _codec.Decode(outputs, i, transforms[i], Weakest, objects);
            tracker.Update(objects, DateTimeOffset.UnixEpoch + Stopwatch.GetElapsedTime(0), new long?[objects.Count]);
        }
    }
}

/// <summary>One run of the loop.</summary>
/// <param name="Frames">Frames inferred.</param>
/// <param name="Elapsed">From the first frame's arrival to the last one's objects.</param>
/// <param name="Latencies">Per frame, from its arrival to its objects, in milliseconds.</param>
internal sealed record BareRun(int Frames, TimeSpan Elapsed, IReadOnlyList<double> Latencies);
