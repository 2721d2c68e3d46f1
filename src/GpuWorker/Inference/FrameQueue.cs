namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// The frames waiting for one model version. Pure: no thread, no clock; the caller serialises the calls.
/// Urgent priorities first; inside a priority deficit round robin between cameras, with a quantum of one frame because
/// every frame costs one place in a batch. What a method removes belongs to the caller, who completes it.
/// </summary>
internal sealed class FrameQueue(QueueLimits limits)
{
    private static readonly int Priorities = Enum.GetValues<OrleansAiFleet.Inference.InferencePriority>().Length;

    private readonly CameraRing[] _rings = [.. Enumerable.Range(0, Priorities).Select(_ => new CameraRing())];
    private readonly Dictionary<Guid, int> _placesTaken = [];

    // Of the batch that is being taken: frames in it, and how many it may have by what they and the caller allow.
    private int _taken;
    private int _maximum;

    // No waiting frame's deadline is earlier: most look-ups end here.
    private long _earliestDeadline = long.MaxValue;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Timestamp at which the longest waiting frame came; meaningless while empty.</summary>
    public long OldestEnqueuedAt => _rings.SelectMany(ring => ring.Frames).Min(frame => frame.EnqueuedAt);

    /// <summary>
    /// Adds a frame. Older frames of its camera that may be superseded and are no more urgent leave; where there is no
    /// room then, the camera with the most frames among the least urgent gives up its newest, if that is fair.
    /// </summary>
    /// <returns>False where there is no room for it.</returns>
    public bool TryAdd(PendingFrame frame, List<PendingFrame> superseded, List<PendingFrame> evicted)
    {
        Supersede(frame, superseded);
        while (Count + 1 > limits.Frames || Bytes + frame.Bytes > limits.Bytes)
        {
            if (FindVictim(frame) is not { } victim)
            {
                return false;
            }

            Remove(victim);
            evicted.Add(victim);
        }

        RingOf(frame).Add(frame);
        _earliestDeadline = Math.Min(_earliestDeadline, frame.Deadline);
        (Count, Bytes) = (Count + 1, Bytes + frame.Bytes);
        return true;
    }

    /// <summary>
    /// Moves up to <paramref name="maximum"/> frames, the next in turn first, to <paramref name="batch"/>; fewer where one of them is not to
    /// run with as many. One that does not fit into this batch is first in the next.
    /// </summary>
    public void TakeBatch(int maximum, List<PendingFrame> batch)
    {
        _placesTaken.Clear();
        (_taken, _maximum) = (0, maximum);
        foreach (var ring in _rings)
        {
            while (_taken < _maximum && ring.Next(Joins) is { } frame)
            {
                _placesTaken[frame.Request.CameraId] = _placesTaken.GetValueOrDefault(frame.Request.CameraId) + 1;
                MoveTo(batch, frame);
            }
        }

        // The places no other camera wanted: an idle place helps nobody.
        foreach (var ring in _rings)
        {
            while (_taken < _maximum && ring.Next(Fits) is { } frame)
            {
                MoveTo(batch, frame);
            }
        }
    }

    /// <summary>Moves the frames whose deadline has passed.</summary>
    public void TakeExpired(long now, List<PendingFrame> expired)
    {
        if (now < _earliestDeadline)
        {
            return;
        }

        var first = expired.Count;
        expired.AddRange(_rings.SelectMany(ring => ring.Frames).Where(frame => frame.Deadline <= now));
        for (var i = first; i < expired.Count; i++)
        {
            Remove(expired[i]);
        }

        _earliestDeadline = _rings.SelectMany(ring => ring.Frames)
            .Select(frame => frame.Deadline).DefaultIfEmpty(long.MaxValue).Min();
    }

    /// <summary>Moves all of them.</summary>
    public void TakeAll(List<PendingFrame> frames) => TakeExpired(long.MaxValue, frames);

    /// <summary>Takes one frame out; false where it is not waiting here any more.</summary>
    public bool Remove(PendingFrame frame)
    {
        if (frame.Node.List is null)
        {
            return false;
        }

        RingOf(frame).Remove(frame);
        (Count, Bytes) = (Count - 1, Bytes - frame.Bytes);
        return true;
    }

    // Asked for every frame: made once.
    private Func<PendingFrame, bool> Fits => field ??= frame => _taken < Math.Max(1, frame.Request.MaximumBatch);

    private Func<PendingFrame, bool> Joins => field ??= frame =>
        Fits(frame) && _placesTaken.GetValueOrDefault(frame.Request.CameraId) < limits.FramesPerCamera;

    private CameraRing RingOf(PendingFrame frame) => _rings[(int)frame.Request.Priority];

    private void MoveTo(List<PendingFrame> batch, PendingFrame frame)
    {
        Remove(frame);
        batch.Add(frame);
        (_taken, _maximum) = (_taken + 1, Math.Min(_maximum, Math.Max(1, frame.Request.MaximumBatch)));
    }

    private void Supersede(PendingFrame newer, List<PendingFrame> superseded)
    {
        var first = superseded.Count;
        for (var priority = (int)newer.Request.Priority; priority < _rings.Length; priority++)
        {
            // The same picture queued twice (two deployments of one model version) is not newer than itself.
            superseded.AddRange(_rings[priority].FramesOf(newer.Request.CameraId).Where(older =>
                older.Request.MaySupersede && !ReferenceEquals(older.Frame, newer.Frame)));
        }

        for (var i = first; i < superseded.Count; i++)
        {
            Remove(superseded[i]);
        }
    }

    private PendingFrame? FindVictim(PendingFrame newcomer)
    {
        var least = Array.FindLastIndex(_rings, ring => !ring.IsEmpty);
        if (least < 0 || least < (int)newcomer.Request.Priority)
        {
            return null;
        }

        var (newest, count) = _rings[least].NewestOfLongest();
        var isFair = least > (int)newcomer.Request.Priority
            || count > _rings[least].CountOf(newcomer.Request.CameraId) + 1;
        return isFair ? newest : null;
    }
}

/// <summary>What may wait, and how many places of a batch one camera gets while others wait.</summary>
internal sealed record QueueLimits(int Frames, long Bytes, int FramesPerCamera);
