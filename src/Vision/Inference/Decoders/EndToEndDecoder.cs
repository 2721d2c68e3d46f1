namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// [batch, N, 6]: x1 y1 x2 y2 in input pixels, confidence, class. The model has chosen; nothing is suppressed again.
/// Rows without an object are zeros or -1.
/// </summary>
internal sealed class EndToEndDecoder(ModelProfile profile, OutputHead head) : IOutputDecoder
{
    private readonly CandidateList _candidates = new();

    public void Decode(
        OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects)
    {
        var table = OutputTable.Of(outputs, head.Outputs[0], index);
        head.RequireColumns(table, 6);
        var least = MathF.Max(threshold, profile.ConfidenceThreshold);
        _candidates.Clear();
        for (var i = 0; i < table.Rows; i++)
        {
            var row = table.Row(i);
            var (confidence, classValue) = (row[4], MathF.Round(row[5]));
            if (confidence > 0 && confidence >= least && classValue >= 0 && classValue < profile.Classes.Count)
            {
                var corners = new BoxCorners(row[0], row[1], row[2], row[3]);
                _candidates.AddCorners((int)classValue, confidence, corners, transform);
            }
        }

        _candidates.TakeBest(profile, objects);
    }
}
