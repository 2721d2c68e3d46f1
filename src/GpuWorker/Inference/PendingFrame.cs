using System.Threading.Tasks.Sources;

using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// A frame that waits for its outcome. Whoever takes it out of the queue owes it exactly one <see cref="Complete"/>,
/// which also gives the frame's reference back.
/// </summary>
internal sealed class PendingFrame : IValueTaskSource<FrameOutcome>
{
    private ManualResetValueTaskSourceCore<FrameOutcome> _source = new() { RunContinuationsAsynchronously = true };
    private int _completed;

    public PendingFrame(VideoFrame frame, FrameRequest request, long enqueuedAt, long deadline)
    {
        Frame = frame.AddReference();
        (Request, EnqueuedAt, Deadline) = (request, enqueuedAt, deadline);
        Node = new LinkedListNode<PendingFrame>(this);
    }

    public VideoFrame Frame { get; }

    public FrameRequest Request { get; }

    /// <summary>Timestamp of its arrival in the queue.</summary>
    public long EnqueuedAt { get; }

    /// <summary>Timestamp after which it is not inferred any more.</summary>
    public long Deadline { get; }

    public int Bytes => Frame.Data.Length;

    /// <summary>Its place in the queue; owned by <see cref="FrameQueue"/>.</summary>
    public LinkedListNode<PendingFrame> Node { get; }

    /// <summary>Set before it enters the queue: the caller's token.</summary>
    public CancellationTokenRegistration Cancellation { get; set; }

    public ValueTask<FrameOutcome> Outcome => new(this, _source.Version);

    /// <exception cref="InvalidOperationException">It was completed before.</exception>
    public void Complete(FrameOutcome outcome)
    {
        if (Interlocked.Exchange(ref _completed, 1) != 0)
        {
            throw new InvalidOperationException("A frame has one outcome.");
        }

        // Not Dispose: that waits for a callback under way, and the callback may wait for the queue.
        Cancellation.Unregister();
        Frame.Release();
        _source.SetResult(outcome);
    }

    public void Skip(SkipReason reason, double queueMilliseconds, FrameError error = FrameError.None) =>
        Complete(new FrameOutcome { Skipped = reason, Error = error, QueueMilliseconds = queueMilliseconds });

    FrameOutcome IValueTaskSource<FrameOutcome>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FrameOutcome>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<FrameOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
