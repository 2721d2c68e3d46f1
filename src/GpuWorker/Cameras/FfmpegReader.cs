using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>One ffmpeg that turns one segment into frames. Disposing kills it.</summary>
internal sealed class FfmpegReader : IAsyncDisposable
{
    // ffmpeg closes its output before it ends; it needs no longer than this to say why.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);
    private const int PipeBytes = 1 << 20;

    private readonly ChildProcess _process;
    private readonly FramePool _pool;
    private readonly DecodePlan _plan;
    private readonly FfmpegLog _log;
    private readonly SamplingCount _sampling;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _background;

    // ffmpeg may be gone while its last frames still lie in the pipe.
    private bool _endWasRead;

    private FfmpegReader(ChildProcess process, FfmpegInput input, DecodePlan plan, FfmpegLog log, FramePool pool)
    {
        (_process, _plan, _log, _pool) = (process, plan, log, pool);
        _sampling = new(2 + (PipeBytes / VideoFrame.SizeOf(plan.Width, plan.Height)));
        process.EnlargeOutputPipe();
        _background = Task.WhenAll(
            process.WriteInputAsync(input.Script, _stop.Token), log.FollowAsync(process.Errors, _stop.Token));
    }

    public int ProcessId => _process.Id;

    /// <summary>Frames handed out.</summary>
    public long Delivered { get; private set; }

    /// <summary>Null until the end; then null where ffmpeg ended well, else what it complained of last, scrubbed.</summary>
    public string? Complaint { get; private set; }

    /// <exception cref="ChildStartException">ffmpeg cannot be started.</exception>
    public static async Task<FfmpegReader> StartAsync(
        ProcessLauncher launcher, MediaSegment segment, DecodePlan plan, CameraOptions options, FramePool pool,
        CancellationToken cancellationToken)
    {
        var input = FfmpegInput.For(segment, options.Protocols);
        var process = await launcher.StartAsync(options.Ffmpeg, plan.Arguments(input), segment.Files, cancellationToken);
        return new(process, input, plan, new(new(segment.Secret)), pool);
    }

    /// <summary>The next frame, which the caller releases; null at the end.</summary>
    public async ValueTask<VideoFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        var frame = _pool.Rent(_plan.Width, _plan.Height);
        var whole = false;
        try
        {
            var data = frame.Data;
            var length = await _process.Output.ReadAtLeastAsync(data, data.Length, throwOnEndOfStream: false, cancellationToken);
            whole = length == data.Length;
        }
        finally
        {
            if (!whole)
            {
                frame.Release();
            }
        }

        if (whole)
        {
            Delivered++;
            return frame;
        }

        await EndAsync(cancellationToken);
        _endWasRead = true;
        return null;
    }

    /// <summary>Frames that ffmpeg decoded and the sampling left out, not told yet. All of them once the end was read.</summary>
    public long TakeSampledOut() =>
        _plan.Samples ? _sampling.Take(_log.SourceFrames, Delivered, _endWasRead && _background.IsCompletedSuccessfully) : 0;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _process.DisposeAsync();
        await _background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_background, _process.WaitAsync(cancellationToken)).WaitAsync(LastWords, cancellationToken);
            Complaint = _log.LastError ?? (_process.ExitCode == 0 ? null : $"ffmpeg ended with code {_process.ExitCode}.");
        }
        catch (TimeoutException)
        {
            Complaint = _log.LastError ?? "ffmpeg closed its output and did not end.";
        }
    }
}
