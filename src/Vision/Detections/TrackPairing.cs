using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Detections;

/// <summary>Pairs tracks with the objects of a frame, one to one, at the least total cost. Buffers are reused.</summary>
internal sealed class TrackPairing
{
    /// <summary>Cost of leaving a track without an object: what may be paired costs less.</summary>
    public const float Unpaired = 1;

    // Below Unpaired, so that a pair already ruled out still counts as its neighbours' other choice.
    private const float RuledOut = -1;

    private readonly Assignment _assignment = new();
    private float[] _costs = [];
    private int[] _columns = [];

    /// <summary>Pairs what may be paired; what was paired leaves both lists.</summary>
    /// <param name="tracks">Tracks still without an object.</param>
    /// <param name="objects">All objects of the frame.</param>
    /// <param name="open">Indices of the objects still without a track.</param>
    /// <param name="cost">0 (surely the same) to <see cref="Unpaired"/> (must not be paired).</param>
    /// <param name="isUniqueOnly">Whether to pair only where neither side has another choice.</param>
    /// <param name="paired">Receives the pairs.</param>
    public void Pair(
        List<Track> tracks,
        IReadOnlyList<ObjectBox> objects,
        List<int> open,
        Func<Track, ObjectBox, float> cost,
        bool isUniqueOnly,
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

        if (isUniqueOnly)
        {
            ForbidChoices(rows, columns);
        }

        _assignment.Solve(_costs.AsSpan(0, rows * columns), rows, columns, _columns);
        Collect(tracks, open, rows, columns, isTurned, paired);
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

        for (var i = first; i < paired.Count; i++)
        {
            tracks.Remove(paired[i].Track);
            open.Remove(paired[i].Object);
        }
    }

    private void ForbidChoices(int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (_costs[(row * columns) + column] < Unpaired && HasChoice(row, column, rows, columns))
                {
                    _costs[(row * columns) + column] = RuledOut;
                }
            }
        }

        for (var i = 0; i < rows * columns; i++)
        {
            _costs[i] = _costs[i] == RuledOut ? Unpaired : _costs[i];
        }
    }

    private bool HasChoice(int row, int column, int rows, int columns)
    {
        var choices = 0;
        for (var other = 0; other < columns; other++)
        {
            choices += _costs[(row * columns) + other] < Unpaired ? 1 : 0;
        }

        for (var other = 0; other < rows; other++)
        {
            choices += _costs[(other * columns) + column] < Unpaired ? 1 : 0;
        }

        // The pair itself was counted twice.
        return choices > 2;
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
