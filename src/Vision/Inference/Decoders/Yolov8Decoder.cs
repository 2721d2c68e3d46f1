namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// [batch, 4 + classes, N] or transposed [batch, N, 4 + classes]: cx cy w h in input pixels, then class scores.
/// </summary>
internal sealed class Yolov8Decoder(ModelProfile profile, OutputHead head) : IOutputDecoder
{
    // Scores of one class lie side by side; a tile's best scores stay in the first-level cache while its classes pass.
    private const int Tile = 512;

    private readonly CandidateList _candidates = new();
    private readonly float[] _best = new float[Tile];
    private readonly int[] _classes = new int[Tile];

    public void Decode(
        OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects)
    {
        var table = OutputTable.Of(outputs, head.Outputs[0], index);
        var least = MathF.Max(threshold, profile.ConfidenceThreshold);
        _candidates.Clear();
        if (head.RowMajor)
        {
            head.RequireColumns(table, 4 + profile.Classes.Count);
            AddRows(table, least, transform);
        }
        else
        {
            head.RequireRows(table, 4 + profile.Classes.Count);
            for (var first = 0; first < table.Columns; first += Tile)
            {
                AddTile(table, first, least, transform);
            }
        }

        _candidates.Suppress(profile, objects);
    }

    private void AddRows(in OutputTable table, float least, in PictureTransform transform)
    {
        for (var i = 0; i < table.Rows; i++)
        {
            var row = table.Row(i);
            if (ClassScores.Highest(row[4..]) is var score && score >= least)
            {
                var classId = row[4..].IndexOf(score);
                _candidates.AddCentred(classId, score, new BoxShape(row[0], row[1], row[2], row[3]), transform);
            }
        }
    }

    private void AddTile(in OutputTable table, int first, float least, in PictureTransform transform)
    {
        var length = Math.Min(Tile, table.Columns - first);
        Array.Fill(_best, MathF.BitDecrement(least));
        Array.Fill(_classes, -1);
        for (var classId = 0; classId < table.Rows - 4; classId++)
        {
            ClassScores.Raise(table.Row(4 + classId).Slice(first, length), classId, _best, _classes);
        }

        for (var i = 0; i < length; i++)
        {
            if (_classes[i] >= 0)
            {
                _candidates.AddCentred(_classes[i], _best[i], BoxAt(table, first + i), transform);
            }
        }
    }

    private static BoxShape BoxAt(in OutputTable table, int column) => new(
        table.Values[column],
        table.Values[table.Columns + column],
        table.Values[(2 * table.Columns) + column],
        table.Values[(3 * table.Columns) + column]);
}
