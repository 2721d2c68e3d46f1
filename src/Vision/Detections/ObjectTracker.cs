using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Detections;

/// <summary>
/// Gives the same object the same id over the frames of one camera. One per camera and deployment; not for two threads
/// at a time. After ByteTrack (arXiv 2110.06864): tracks are predicted to the frame's time, confident objects are paired
/// first, weak ones then continue what is left; lost tracks are remembered for a while. Classes never mix. What overlaps
/// nothing may still continue a track by nearness, see <see cref="Nearness"/>: at a few frames a second a small object
/// leaves its own box between two frames.
/// </summary>
public sealed class ObjectTracker
{
    /// <summary>Most tracks remembered; when full, the one unseen for longest makes room.</summary>
    internal const int MostTracks = 512;

    private readonly TrackerSettings _settings;
    private readonly Func<Track, ObjectBox, float> _overlapCost;
    private readonly Func<Track, ObjectBox, float> _nearnessCost = Nearness.Cost;
    private readonly TrackPairing _pairing = new();
    private readonly List<Track> _tracks = [];
    private readonly Stack<Track> _spare = new();
    private readonly List<Track> _openTracks = [];
    private readonly List<int> _confident = [];
    private readonly List<int> _weak = [];
    private readonly List<(Track Track, int Object)> _paired = [];
    private DateTimeOffset? _lastTime;
    private long _nextId;

    /// <param name="settings">See <see cref="TrackerSettings"/>.</param>
    /// <param name="firstTrackId">Ids count up from here.</param>
    public ObjectTracker(TrackerSettings settings, long firstTrackId)
    {
        _settings = settings;
        _nextId = firstTrackId;
        _overlapCost = OverlapCost;
    }

    internal int TrackCount => _tracks.Count;

    /// <summary>Takes the objects of the next frame; writes each one's track id, or null while the track is not confirmed.</summary>
    /// <param name="objects">What was found, weak ones included.</param>
    /// <param name="time">When the frame was taken. A time before the last one counts as no time passed.</param>
    /// <param name="trackIds">At least as long as <paramref name="objects"/>; in their order.</param>
    /// <exception cref="ArgumentException"><paramref name="trackIds"/> is too short.</exception>
    public void Update(IReadOnlyList<ObjectBox> objects, DateTimeOffset time, Span<long?> trackIds)
    {
        if (trackIds.Length < objects.Count)
        {
            throw new ArgumentException($"{objects.Count} objects need as many places for ids.", nameof(trackIds));
        }

        trackIds.Clear();
        var seconds = Advance(time);
        Sort(objects);
        Pair(objects, seconds, areConfirmed: true);
        Pair(objects, seconds, areConfirmed: false);
        Finish(objects, time, trackIds);
        Start(objects, time, trackIds);
    }

    private float Advance(DateTimeOffset time)
    {
        var seconds = (float)Math.Max(0, (time - (_lastTime ?? time)).TotalSeconds);
        _lastTime = time;
        foreach (var track in _tracks)
        {
            track.SeenNoLaterThan(time);
        }

        Forget(time - _settings.LostFor);
        foreach (var track in _tracks)
        {
            track.Predict(seconds);
        }

        return seconds;
    }

    private void Sort(IReadOnlyList<ObjectBox> objects)
    {
        _confident.Clear();
        _weak.Clear();
        _paired.Clear();
        for (var i = 0; i < objects.Count; i++)
        {
            (objects[i].Confidence >= _settings.HighConfidence ? _confident : _weak).Add(i);
        }
    }

    // Confirmed tracks choose first, so that a new track cannot take an old one's object.
    private void Pair(IReadOnlyList<ObjectBox> objects, float seconds, bool areConfirmed)
    {
        _openTracks.Clear();
        foreach (var track in _tracks)
        {
            if (track.Id is not null == areConfirmed)
            {
                _openTracks.Add(track);
            }
        }

        _pairing.Pair(_openTracks, objects, _confident, _overlapCost, _paired);
        DropLost(_openTracks);
        _pairing.Pair(_openTracks, objects, _weak, _overlapCost, _paired);
        if (seconds <= Nearness.MostSeconds)
        {
            TrackPairing.PairUnique(_openTracks, _tracks, objects, _confident, _nearnessCost, _paired);
        }
    }

    private void Finish(IReadOnlyList<ObjectBox> objects, DateTimeOffset time, Span<long?> trackIds)
    {
        foreach (var track in _tracks)
        {
            track.Miss();
        }

        foreach (var (track, item) in _paired)
        {
            track.Match(objects[item], time);
            Confirm(track);
            trackIds[item] = track.Id;
        }

        // What was seen too few times to have an id and is gone again was noise.
        for (var i = _tracks.Count - 1; i >= 0; i--)
        {
            if (_tracks[i].IsLost && _tracks[i].Id is null)
            {
                Remove(i);
            }
        }
    }

    private void Start(IReadOnlyList<ObjectBox> objects, DateTimeOffset time, Span<long?> trackIds)
    {
        foreach (var item in _confident)
        {
            if (_tracks.Count >= MostTracks && !MakeRoom())
            {
                return;
            }

            var track = _spare.TryPop(out var spare) ? spare : new Track();
            track.Start(objects[item], time);
            _tracks.Add(track);
            Confirm(track);
            trackIds[item] = track.Id;
        }
    }

    private void Confirm(Track track)
    {
        if (track.Id is null && track.Matches >= _settings.ConfirmAfter)
        {
            track.Id = _nextId++;
        }
    }

    private void Forget(DateTimeOffset before)
    {
        for (var i = _tracks.Count - 1; i >= 0; i--)
        {
            if (_tracks[i].LastSeen < before)
            {
                Remove(i);
            }
        }
    }

    private bool MakeRoom()
    {
        var oldest = -1;
        for (var i = 0; i < _tracks.Count; i++)
        {
            if (_tracks[i].IsLost && (oldest < 0 || _tracks[i].LastSeen < _tracks[oldest].LastSeen))
            {
                oldest = i;
            }
        }

        if (oldest >= 0)
        {
            Remove(oldest);
        }

        return oldest >= 0;
    }

    private void Remove(int index)
    {
        _spare.Push(_tracks[index]);
        _tracks.RemoveAt(index);
    }

    private static void DropLost(List<Track> tracks)
    {
        for (var i = tracks.Count - 1; i >= 0; i--)
        {
            if (tracks[i].IsLost)
            {
                tracks.RemoveAt(i);
            }
        }
    }

    private float OverlapCost(Track track, ObjectBox box)
    {
        var overlap = track.ClassId == box.ClassId ? BoxGeometry.Iou(track.Box, box) : 0;
        return overlap >= _settings.MatchIou ? 1 - overlap : TrackPairing.Unpaired;
    }
}
