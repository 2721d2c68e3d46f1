using Microsoft.Extensions.Options;

using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// Sends a frame to another worker where the queue here is long and another's is shorter: of two workers picked at
/// random the one with fewer frames waiting (power of two choices). Whatever goes wrong on the way, the frame is inferred
/// here as long as it has time left.
/// </summary>
internal sealed partial class SpillRouter(
    IWorkerPeers peers, IOptions<InferenceOptions> options, TimeProvider time, ILogger<SpillRouter> logger)
{
    // Above the fastest answer of a busy worker, below the call's own time-out.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    public ValueTask<FrameOutcome> InferAsync(
        ModelRuntime local, VideoFrame frame, FrameRequest request, CancellationToken cancellationToken)
    {
        if (!request.MaySpill
            || options.Value.SpillBytesInFlight == 0
            || local.ExpectedWait <= options.Value.SpillThreshold
            || !peers.Any)
        {
            return local.InferAsync(frame, request, cancellationToken);
        }

        // Off the caller's turn: scaling costs up to a millisecond.
        frame.AddReference();
        return new ValueTask<FrameOutcome>(Task.Run(
            () => RouteAsync(local, frame, request, cancellationToken), CancellationToken.None));
    }

    /// <summary>Sends a frame of a model that is not here to a worker that serves it, off the caller's turn.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="among">Workers that serve it.</param>
    /// <param name="frame">The frame; held until it has arrived.</param>
    /// <param name="request">How it is to be treated.</param>
    /// <param name="cancellationToken">The caller gives up.</param>
    /// <returns>What became of it there, a queue that is full among it; null where none of them can take it.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<FrameOutcome?> SendAsync(
        ModelReference model, IReadOnlySet<SiloAddress> among, VideoFrame frame, FrameRequest request, CancellationToken cancellationToken) =>
        Task.Run(() => SendToOneAsync(model, among, frame, request, cancellationToken), CancellationToken.None);

    private async Task<FrameOutcome?> SendToOneAsync(
        ModelReference model, IReadOnlySet<SiloAddress> among, VideoFrame frame, FrameRequest request, CancellationToken cancellationToken)
    {
        FrameOutcome? refused = null;
        List<(WorkerPeer Peer, int Pending)> candidates = [];
        foreach (var peer in peers.PickTwo(model.ModelId, among))
        {
            if (await peer.GetPendingAsync(model.ModelId).WaitAsync(cancellationToken) is { } pending)
            {
                candidates.Add((peer, pending));
            }
        }

        var (width, height) = SpilledFrames.SizeOf(frame, model);
        foreach (var (peer, _) in candidates.OrderBy(candidate => candidate.Pending))
        {
            var outcome = await TrySendAsync(peer, model, frame, (width, height), request, cancellationToken);
            if (outcome is { Skipped: null })
            {
                return outcome;
            }

            refused = outcome ?? refused;
        }

        return refused;
    }

    private async Task<FrameOutcome> RouteAsync(
        ModelRuntime local, VideoFrame frame, FrameRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            if (await ChooseAsync(local, cancellationToken) is { } peer
                && await TrySpillAsync(peer, local, frame, request, cancellationToken) is { Skipped: null } outcome)
            {
                return outcome;
            }

            var elapsed = time.GetElapsedTime(started);
            return request.Timeout != Timeout.InfiniteTimeSpan && elapsed >= request.Timeout
                ? TimedOut(elapsed)
                : await local.InferAsync(frame, request with { Timeout = Left(request.Timeout, elapsed) }, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new FrameOutcome
            {
                Skipped = SkipReason.Stopped,
                QueueMilliseconds = time.GetElapsedTime(started).TotalMilliseconds,
            };
        }
        finally
        {
            frame.Release();
        }
    }

    private async Task<WorkerPeer?> ChooseAsync(ModelRuntime local, CancellationToken cancellationToken)
    {
        WorkerPeer? best = null;
        var fewest = local.Pending;
        foreach (var peer in peers.PickTwo(local.Model.ModelId))
        {
            if (await peer.GetPendingAsync(local.Model.ModelId).WaitAsync(cancellationToken) is { } pending && pending < fewest)
            {
                (best, fewest) = (peer, pending);
            }
        }

        return best;
    }

    private Task<FrameOutcome?> TrySpillAsync(
        WorkerPeer peer, ModelRuntime local, VideoFrame frame, FrameRequest request, CancellationToken cancellationToken) =>
        TrySendAsync(peer, local.Model, frame, SpilledFrames.SizeOf(frame, local.Plan.Input), request, cancellationToken);

    /// <returns>What was found, or that there is no room for it; null where the worker cannot look.</returns>
    private async Task<FrameOutcome?> TrySendAsync(
        WorkerPeer peer,
        ModelReference model,
        VideoFrame frame,
        (int Width, int Height) size,
        FrameRequest request,
        CancellationToken cancellationToken)
    {
        var bytes = VideoFrame.SizeOf(size.Width, size.Height);
        if (!peer.TryReserve(bytes, options.Value.SpillBytesInFlight))
        {
            return new() { Skipped = SkipReason.QueueFull };
        }

        var limit = request.Timeout == Timeout.InfiniteTimeSpan || request.Timeout > LongestCall ? LongestCall : request.Timeout;
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var call = peer.InferAsync(
            () => SpilledFrames.Create(frame, size.Width, size.Height, model, request with { Timeout = limit }), bytes, linked.Token);
        try
        {
            var result = await call.WaitAsync(linked.Token);
            if (result.Skipped is null)
            {
                return SpilledFrames.ToOutcome(result);
            }

            peer.Avoid(model.ModelId);
            return result.Skipped is SkipReason.QueueFull or SkipReason.TimedOut ? SpilledFrames.ToOutcome(result) : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            peer.Avoid(model.ModelId);
            LogSpillFailed(peer.Silo, exception.GetType().Name, exception.Message);
            return null;
        }
    }

    private static TimeSpan Left(TimeSpan timeout, TimeSpan elapsed) =>
        timeout == Timeout.InfiniteTimeSpan ? timeout : timeout - elapsed;

    private static FrameOutcome TimedOut(TimeSpan waited) => new()
    {
        Skipped = SkipReason.TimedOut,
        Error = FrameError.Timeout,
        QueueMilliseconds = waited.TotalMilliseconds,
    };

    // At most once per peer, model and avoidance time.
    [LoggerMessage(LogLevel.Warning, "Worker {Silo} did not take a frame ({Kind}: {Reason}); it is left out for a while")]
    private partial void LogSpillFailed(SiloAddress silo, string kind, string reason);
}
