namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>The waiting frames of one priority by camera, and whose turn it is. Part of <see cref="FrameQueue"/>.</summary>
internal sealed class CameraRing
{
    private readonly Dictionary<Guid, Lane> _lanes = [];
    private readonly LinkedList<Lane> _turns = [];

    public bool IsEmpty => _lanes.Count == 0;

    public IEnumerable<PendingFrame> Frames => _turns.SelectMany(lane => lane.Frames);

    public IEnumerable<PendingFrame> FramesOf(Guid cameraId) =>
        _lanes.TryGetValue(cameraId, out var lane) ? lane.Frames : [];

    public int CountOf(Guid cameraId) => _lanes.TryGetValue(cameraId, out var lane) ? lane.Frames.Count : 0;

    public void Add(PendingFrame frame)
    {
        if (!_lanes.TryGetValue(frame.Request.CameraId, out var lane))
        {
            lane = new Lane();
            _lanes.Add(frame.Request.CameraId, lane);
            _turns.AddLast(lane.Turn);
        }

        lane.Frames.AddLast(frame.Node);
    }

    /// <summary>Takes a frame out; its camera keeps its turn while it has others.</summary>
    public void Remove(PendingFrame frame)
    {
        var lane = _lanes[frame.Request.CameraId];
        lane.Frames.Remove(frame.Node);
        if (lane.Frames.Count == 0)
        {
            _lanes.Remove(frame.Request.CameraId);
            _turns.Remove(lane.Turn);
        }
    }

    /// <summary>The oldest frame of the next camera whose oldest is allowed, which then goes to the end of the line; null where there is none.</summary>
    public PendingFrame? Next(Func<PendingFrame, bool> isAllowed)
    {
        for (var turn = _turns.First; turn is not null; turn = turn.Next)
        {
            var frame = turn.Value.Frames.First!.Value;
            if (isAllowed(frame))
            {
                _turns.Remove(turn);
                _turns.AddLast(turn);
                return frame;
            }
        }

        return null;
    }

    /// <summary>The newest frame of the camera that has the most, and how many that is.</summary>
    public (PendingFrame Newest, int Count) NewestOfLongest()
    {
        var longest = _turns.MaxBy(lane => lane.Frames.Count)!;
        return (longest.Frames.Last!.Value, longest.Frames.Count);
    }

    private sealed class Lane
    {
        public Lane() => Turn = new LinkedListNode<Lane>(this);

        public LinkedList<PendingFrame> Frames { get; } = [];

        public LinkedListNode<Lane> Turn { get; }
    }
}
