namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>[batch, N, 5 + classes]: cx cy w h in input pixels, objectness, class scores; confidence = objectness × class.</summary>
internal sealed class Yolov5Decoder(ModelProfile profile, OutputHead head) : IOutputDecoder
{
    private readonly CandidateList _candidates = new();

    public void Decode(
        OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects)
    {
        var table = OutputTable.Of(outputs, head.Outputs[0], index);
        head.RequireColumns(table, 5 + profile.Classes.Count);
        var least = MathF.Max(threshold, profile.ConfidenceThreshold);
        _candidates.Clear();
        for (var i = 0; i < table.Rows; i++)
        {
            // A class score is at most 1, so a weak objectness settles it without looking at the classes.
            var objectness = table.Values[(i * table.Columns) + 4];
            if (objectness >= least)
            {
                Add(table.Row(i), objectness, least, transform);
            }
        }

        _candidates.Suppress(profile, objects);
    }

    private void Add(ReadOnlySpan<float> row, float objectness, float least, in PictureTransform transform)
    {
        var (classId, score) = ClassScores.Best(row[5..]);
        var confidence = score * objectness;
        if (classId >= 0 && confidence >= least)
        {
            _candidates.AddCentred(classId, confidence, new BoxShape(row[0], row[1], row[2], row[3]), transform);
        }
    }
}
