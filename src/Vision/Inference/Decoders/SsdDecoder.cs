namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// Scores [batch, N, classes] (probabilities) and boxes [batch, N, 4]: x1 y1 x2 y2 normalised to the model's input.
/// </summary>
internal sealed class SsdDecoder(ModelProfile profile, OutputHead head) : IOutputDecoder
{
    private readonly CandidateList _candidates = new();

    public void Decode(
        OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects)
    {
        var scores = OutputTable.Of(outputs, head.Outputs[0], index);
        var boxes = OutputTable.Of(outputs, head.Outputs[1], index);
        head.RequireColumns(scores, profile.Classes.Count);
        head.RequireColumns(boxes, 4);
        head.RequireRows(boxes, scores.Rows);
        var least = MathF.Max(threshold, profile.ConfidenceThreshold);
        var (width, height) = (profile.Input.Width, profile.Input.Height);
        _candidates.Clear();
        for (var i = 0; i < scores.Rows; i++)
        {
            var (classId, score) = ClassScores.Best(scores.Row(i), profile.BackgroundClass);
            if (classId >= 0 && score >= least)
            {
                var box = boxes.Row(i);
                var corners = new BoxCorners(box[0] * width, box[1] * height, box[2] * width, box[3] * height);
                _candidates.AddCorners(classId, score, corners, transform);
            }
        }

        _candidates.Suppress(profile, objects);
    }
}
