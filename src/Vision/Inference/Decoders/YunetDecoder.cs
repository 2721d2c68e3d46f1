namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// Outputs <c>cls</c>, <c>obj</c> [batch, N, 1] and <c>bbox</c> [batch, N, 4] for strides 8, 16 and 32, found by name:
/// confidence = √(cls × obj), the box as in YOLOX (YuNet: A Tiny Millisecond-level Face Detector, 2023).
/// Landmarks are not read.
/// </summary>
internal sealed class YunetDecoder(ModelProfile profile, OutputHead head) : IOutputDecoder
{
    private readonly CandidateList _candidates = new();

    public void Decode(
        OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects)
    {
        var least = MathF.Max(threshold, profile.ConfidenceThreshold);
        _candidates.Clear();
        for (var i = 0; i < StrideGrid.Strides.Length; i++)
        {
            var grid = new StrideGrid(StrideGrid.Strides[i], profile.Input.Width, profile.Input.Height);
            var cls = OutputTable.Of(outputs, head.Outputs[3 * i], index);
            var obj = OutputTable.Of(outputs, head.Outputs[(3 * i) + 1], index);
            var bbox = OutputTable.Of(outputs, head.Outputs[(3 * i) + 2], index);
            Require(cls, 1, grid);
            Require(obj, 1, grid);
            Require(bbox, 4, grid);
            AddGrid(cls, obj, bbox, grid, least, transform);
        }

        _candidates.Suppress(profile, objects);
    }

    private void Require(in OutputTable table, int columns, StrideGrid grid)
    {
        head.RequireColumns(table, columns);
        head.RequireRows(table, grid.Cells);
    }

    private void AddGrid(
        in OutputTable cls, in OutputTable obj, in OutputTable bbox, StrideGrid grid, float least, in PictureTransform transform)
    {
        for (var cell = 0; cell < grid.Cells; cell++)
        {
            var product = cls.Values[cell] * obj.Values[cell];
            if (product > 0 && MathF.Sqrt(product) is var score && score >= least)
            {
                _candidates.AddCentred(0, score, grid.Box(cell, bbox.Row(cell)), transform);
            }
        }
    }
}
