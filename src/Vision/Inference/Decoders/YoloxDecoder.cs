namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// [batch, N, 5 + classes] raw on grids of stride 8, 16 and 32, row by row: cx = (o0 + column) × stride,
/// cy = (o1 + row) × stride, w = e^o2 × stride, h = e^o3 × stride; confidence = objectness × class, both already 0 to 1
/// (YOLOX: Exceeding YOLO Series in 2021, arXiv 2107.08430).
/// </summary>
internal sealed class YoloxDecoder(ModelProfile profile, OutputHead head) : IOutputDecoder
{
    private readonly CandidateList _candidates = new();
    private readonly int _cells = StrideGrid.AnchorFree(profile.Input.Width, profile.Input.Height);

    public void Decode(
        OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects)
    {
        var table = OutputTable.Of(outputs, head.Outputs[0], index);
        head.RequireColumns(table, 5 + profile.Classes.Count);
        head.RequireRows(table, _cells);
        var least = MathF.Max(threshold, profile.ConfidenceThreshold);
        _candidates.Clear();
        var first = 0;
        foreach (var stride in StrideGrid.Strides)
        {
            var grid = new StrideGrid(stride, profile.Input.Width, profile.Input.Height);
            AddGrid(table, first, grid, least, transform);
            first += grid.Cells;
        }

        _candidates.Suppress(profile, objects);
    }

    private void AddGrid(in OutputTable table, int first, StrideGrid grid, float least, in PictureTransform transform)
    {
        for (var cell = 0; cell < grid.Cells; cell++)
        {
            var objectness = table.Values[((first + cell) * table.Columns) + 4];
            if (objectness < least || float.IsNaN(objectness))
            {
                continue;
            }

            var row = table.Row(first + cell);
            var (classId, score) = ClassScores.Best(row[5..]);
            if (classId >= 0 && score * objectness >= least)
            {
                _candidates.AddCentred(classId, score * objectness, grid.Box(cell, row), transform);
            }
        }
    }
}
