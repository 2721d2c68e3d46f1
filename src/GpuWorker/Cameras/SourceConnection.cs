using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>One connection to a camera's source: opens it, plays it once and says how it ended.</summary>
internal sealed class SourceConnection(Camera camera, IReadOnlyList<string> networks, StreamParts parts, IFrameSink sink)
{
    private readonly CameraOptions _options = parts.Options;
    private long _frames;
    private long? _firstFrameAt;
    private TimeSpan _played;

    /// <summary>Plays the source to its end, or until it is lost or silent.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ConnectionEnd> PlayAsync(CancellationToken cancellationToken)
    {
        string? problem = null;
        try
        {
            var source = CameraSource.Open(Opened(), _options);
            if (!source.IsPath)
            {
                return await PlayRemoteAsync(source, cancellationToken);
            }

            foreach (var segment in source.Segments)
            {
                // One bad file among many is passed over.
                var end = await TryPlayAsync(segment, source, cancellationToken);
                problem = end.Problem ?? problem;
            }
        }
        catch (Exception refused) when (refused is SourceException or FleetRefusedException)
        {
            problem = refused.Message;
        }

        return End(_frames > 0 ? ConnectionEndKind.Ended : ConnectionEndKind.Lost, problem ?? NothingCame());
    }

    private async Task<ConnectionEnd> PlayRemoteAsync(CameraSource source, CancellationToken cancellationToken)
    {
        await using var relay = await SourceRelay.OpenAsync(
            source.Segments[0], new SourceGuard(networks, parts.Resolve), cancellationToken);
        var end = await TryPlayAsync(relay.Segment, source, cancellationToken);

        // What ffmpeg says of a connection that was refused to it does not say why.
        return relay.Refusal is { } refusal && end.Kind != ConnectionEndKind.Ended ? end with { Problem = refusal } : end;
    }

    // The only place that has the credentials as they are: they go into ffmpeg's input and nowhere else.
    private Camera Opened() => camera.SourceCredentials is { } stored
        ? camera with { SourceCredentials = parts.Secrets.Unprotect(camera.Id, stored) }
        : camera;

    private string? NothingCame() => _frames > 0 ? null : "The source ended before its first frame.";

    private async Task<ConnectionEnd> TryPlayAsync(
        MediaSegment segment, CameraSource source, CancellationToken cancellationToken)
    {
        // Re-armed before every wait for the source, and only then: a model that is slow is no silent camera.
        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        var patience = TimeSpan.FromSeconds(_options.ConnectTimeoutSeconds);
        try
        {
            silence.CancelAfter(patience);
            var description = await parts.Probe.DescribeAsync(segment, _options, either.Token);
            var plan = await PlanAsync(segment, source, description);
            var interval = IntervalOf(segment, plan, description);
            sink.Connected(description);
            await using var reader = await FfmpegReader.StartAsync(parts.Launcher, segment, plan, _options, parts.Pool, either.Token);
            while (true)
            {
                silence.CancelAfter(patience);
                var frame = await reader.ReadAsync(either.Token);
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
                sink.LeftOut(reader.TakeSampledOut(), SkipReason.Sampling);
                if (frame is null)
                {
                    return Close(reader, segment, description);
                }

                patience = ReconnectPolicy.StallAfter(
                    DeliveredFps(segment, plan, description), TimeSpan.FromSeconds(_options.StallTimeoutSeconds));
                if (interval > TimeSpan.Zero)
                {
                    frame.PlayTime = _played;
                    _played += interval;
                }

                await HandOverAsync(frame, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return End(ConnectionEndKind.Stalled, $"No frame came for {patience.TotalSeconds:0.#} seconds; the connection was cut.");
        }
        catch (Exception problem) when (problem is SourceException or ChildStartException)
        {
            return End(ConnectionEndKind.Lost, problem.Message);
        }
    }

    private async Task<DecodePlan> PlanAsync(MediaSegment segment, CameraSource source, MediaDescription description)
    {
        var (width, height) = WorkingSize.For(description.Width, description.Height, camera.WorkingSize);
        var isPicture = segment.PictureSeconds is not null;
        return new()
        {
            Width = width,
            Height = height,
            SamplingFps = isPicture || camera.SamplingMode == SamplingMode.Motion ? 0 : Math.Max(0, camera.SamplingFps),
            RealTime = source.IsPath && camera.Pace == CameraPace.Live,
            Loop = source.IsPath && camera.Loop && source.Segments.Count == 1,
            StampOnArrival = segment.Kind == SourceKind.Http && description is { Codec: "mjpeg", Duration: null },
            HardwareAcceleration = isPicture ? null : await parts.Decoder.FindAsync(),
        };
    }

    private async ValueTask HandOverAsync(VideoFrame frame, CancellationToken cancellationToken)
    {
        _frames++;
        _firstFrameAt ??= parts.Time.GetTimestamp();
        frame.ArrivedAt = parts.Time.GetTimestamp();
        try
        {
            await sink.TakeAsync(frame, cancellationToken);
        }
        finally
        {
            frame.Release();
        }
    }

    // A stream has no end of its own: one that stops was lost. A recording that plays out has ended.
    private ConnectionEnd Close(FfmpegReader reader, MediaSegment segment, MediaDescription description)
    {
        return HasEnd(segment, description) && reader.Delivered > 0
            ? End(ConnectionEndKind.Ended, reader.Complaint)
            : End(ConnectionEndKind.Lost, reader.Complaint ?? NothingCame() ?? "The source closed the connection.");
    }

    private static bool HasEnd(MediaSegment segment, MediaDescription description) =>
        segment.Kind == SourceKind.Path || description.Duration is not null;

    // Frames a second, or 0 where nobody knows.
    private static double DeliveredFps(MediaSegment segment, DecodePlan plan, MediaDescription description) =>
        segment.PictureSeconds is { } seconds ? 1 / seconds
            : !plan.Samples ? description.Fps
            : description.Fps > 0 ? Math.Min(plan.SamplingFps, description.Fps)
            : plan.SamplingFps;

    // A recording is played at the model's pace: when its frames arrive says nothing of how far apart they were taken.
    private TimeSpan IntervalOf(MediaSegment segment, DecodePlan plan, MediaDescription description)
    {
        if (camera.Pace == CameraPace.Live || !HasEnd(segment, description))
        {
            return TimeSpan.Zero;
        }

        var fps = DeliveredFps(segment, plan, description);
        return TimeSpan.FromSeconds(fps > 0 ? 1 / fps : 0);
    }

    private ConnectionEnd End(ConnectionEndKind kind, string? problem) =>
        new(kind, _frames, _firstFrameAt is { } first ? parts.Time.GetElapsedTime(first) : TimeSpan.Zero, problem);
}
