using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Detections;

/// <summary>Pairs tracks with the objects of a frame, one to one, at the least total cost. Buffers are reused.</summary>
internal sealed class TrackPairing
{
    /// <summary>Cost of leaving a track without an object: what may be paired costs less.</summary>
    public const float Unpaired = 1;

    private readonly Assignment _assignment = new();
    private float[] _costs = [];
    private int[] _columns = [];

    /// <summary>Pairs what may be paired; what was paired leaves both lists.</summary>
    /// <param name="tracks">Tracks still without an object.</param>
    /// <param name="objects">All objects of the frame.</param>
    /// <param name="open">Indices of the objects still without a track.</param>
    /// <param name="cost">0 (surely the same) to <see cref="Unpaired"/> (must not be paired).</param>
    /// <param name="paired">Receives the pairs.</param>
    public void Pair(
        List<Track> tracks,
        IReadOnlyList<ObjectBox> objects,
        List<int> open,
        Func<Track, ObjectBox, float> cost,
        List<(Track Track, int Object)> paired)
    {
        if (tracks.Count == 0 || open.Count == 0)
        {
            return;
        }

        var isTurned = tracks.Count > open.Count;
        var (rows, columns) = isTurned ? (open.Count, tracks.Count) : (tracks.Count, open.Count);
        Reserve(rows, columns);
        for (var i = 0; i < rows * columns; i++)
        {
            var (track, item) = isTurned ? (i % columns, i / columns) : (i / columns, i % columns);
            _costs[i] = cost(tracks[track], objects[open[item]]);
        }

        _assignment.Solve(_costs.AsSpan(0, rows * columns), rows, columns, _columns);
        Collect(tracks, open, rows, columns, isTurned, paired);
    }

    /// <summary>
    /// The same, but pairs only where neither side has any other choice: not among what is still open, nor among all
    /// tracks and objects of the frame.
    /// </summary>
    public static void PairUnique(
        List<Track> tracks,
        IReadOnlyList<Track> allTracks,
        IReadOnlyList<ObjectBox> objects,
        List<int> open,
        Func<Track, ObjectBox, float> cost,
        List<(Track Track, int Object)> paired)
    {
        var first = paired.Count;
        foreach (var track in tracks)
        {
            foreach (var item in open)
            {
                if (cost(track, objects[item]) < Unpaired && IsOnlyChoice(track, item, allTracks, objects, cost))
                {
                    paired.Add((track, item));
                }
            }
        }

        Close(tracks, open, paired, first);
    }

    private static void Close(List<Track> tracks, List<int> open, List<(Track Track, int Object)> paired, int first)
    {
        for (var i = first; i < paired.Count; i++)
        {
            tracks.Remove(paired[i].Track);
            open.Remove(paired[i].Object);
        }
    }

    private void Collect(
        List<Track> tracks, List<int> open, int rows, int columns, bool isTurned, List<(Track Track, int Object)> paired)
    {
        var first = paired.Count;
        for (var row = 0; row < rows; row++)
        {
            if (_costs[(row * columns) + _columns[row]] < Unpaired)
            {
                var (track, item) = isTurned ? (_columns[row], row) : (row, _columns[row]);
                paired.Add((tracks[track], open[item]));
            }
        }

        Close(tracks, open, paired, first);
    }

    private static bool IsOnlyChoice(
        Track track, int item, IReadOnlyList<Track> tracks, IReadOnlyList<ObjectBox> objects, Func<Track, ObjectBox, float> cost)
    {
        for (var i = 0; i < objects.Count; i++)
        {
            if (i != item && cost(track, objects[i]) < Unpaired)
            {
                return false;
            }
        }

        for (var i = 0; i < tracks.Count; i++)
        {
            if (tracks[i] != track && cost(tracks[i], objects[item]) < Unpaired)
            {
                return false;
            }
        }

        return true;
    }

    private void Reserve(int rows, int columns)
    {
        if (_costs.Length < rows * columns)
        {
            _costs = new float[rows * columns * 2];
        }

        if (_columns.Length < rows)
        {
            _columns = new int[rows * 2];
        }
    }
}
