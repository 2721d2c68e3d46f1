using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// The door between callers and model instances: a batch is formed when an instance is free, from whatever waits then.
/// Frames are completed outside the lock.
/// </summary>
internal sealed class BatchFormer(QueueLimits limits, TimeSpan delay, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly FrameQueue _queue = new(limits);
    private bool _stopped;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>How long the frame that waits longest has waited; 0 where none waits.</summary>
    public double OldestMilliseconds
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count == 0 ? 0 : time.GetElapsedTime(_queue.OldestEnqueuedAt).TotalMilliseconds;
            }
        }
    }

    /// <summary>Queues a frame, or completes it at once where that cannot be.</summary>
    public void Add(PendingFrame frame)
    {
        List<PendingFrame> superseded = [];
        List<PendingFrame> evicted = [];
        SkipReason? refusal = null;
        lock (_gate)
        {
            if (_stopped)
            {
                refusal = SkipReason.Stopped;
            }
            else if (_queue.TryAdd(frame, superseded, evicted))
            {
                Monitor.Pulse(_gate);
            }
            else
            {
                refusal = SkipReason.QueueFull;
            }
        }

        Skip(superseded, SkipReason.Superseded);
        Skip(evicted, SkipReason.QueueFull);
        if (refusal is { } reason)
        {
            frame.Skip(reason, 0);
        }
    }

    /// <summary>The caller gave up: a frame that still waits is done.</summary>
    public void Cancel(PendingFrame frame)
    {
        bool wasWaiting;
        lock (_gate)
        {
            wasWaiting = _queue.Remove(frame);
        }

        if (wasWaiting)
        {
            frame.Skip(SkipReason.Stopped, Age(frame));
        }
    }

    /// <summary>
    /// Blocks the calling instance's thread until there is a batch; false once stopped. The batch may come empty where
    /// all that waited had passed its time.
    /// </summary>
    public bool Take(int maximum, List<PendingFrame> batch)
    {
        List<PendingFrame> expired = [];
        lock (_gate)
        {
            while (!_stopped && MustWait(maximum, out var milliseconds))
            {
                Monitor.Wait(_gate, milliseconds);
            }

            if (_stopped)
            {
                return false;
            }

            _queue.TakeExpired(time.GetTimestamp(), expired);
            _queue.TakeBatch(maximum, batch);
            if (_queue.Count > 0)
            {
                Monitor.Pulse(_gate);
            }
        }

        SkipTimedOut(expired);
        return true;
    }

    /// <summary>Completes the frames whose time has passed while every instance is busy.</summary>
    public void Expire()
    {
        List<PendingFrame> expired = [];
        lock (_gate)
        {
            _queue.TakeExpired(time.GetTimestamp(), expired);
        }

        SkipTimedOut(expired);
    }

    /// <summary>Completes all that waits and frees the instances. Idempotent.</summary>
    public void Stop()
    {
        List<PendingFrame> waiting = [];
        lock (_gate)
        {
            _stopped = true;
            _queue.TakeAll(waiting);
            Monitor.PulseAll(_gate);
        }

        Skip(waiting, SkipReason.Stopped);
    }

    private bool MustWait(int maximum, out int milliseconds)
    {
        milliseconds = Timeout.Infinite;
        if (_queue.Count == 0)
        {
            return true;
        }

        if (delay == TimeSpan.Zero || _queue.Count >= maximum)
        {
            return false;
        }

        var left = delay - time.GetElapsedTime(_queue.OldestEnqueuedAt);
        milliseconds = Math.Max(1, (int)left.TotalMilliseconds);
        return left > TimeSpan.Zero;
    }

    private double Age(PendingFrame frame) => time.GetElapsedTime(frame.EnqueuedAt).TotalMilliseconds;

    private void Skip(List<PendingFrame> frames, SkipReason reason)
    {
        foreach (var frame in frames)
        {
            frame.Skip(reason, Age(frame));
        }
    }

    private void SkipTimedOut(List<PendingFrame> frames)
    {
        foreach (var frame in frames)
        {
            frame.Skip(SkipReason.TimedOut, Age(frame), FrameError.Timeout);
        }
    }
}
