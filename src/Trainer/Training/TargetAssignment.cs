namespace OrleansAiFleet.Trainer.Training;

/// <summary>Which cells learn which object. Pure.</summary>
internal static class TargetAssignment
{
    // A cell counts as an object's own within this many strides of its centre (FCOS' centre sampling, Tian et al. 2019).
    private const float CentreRadius = 1.5f;

    // Longer side in input pixels up to which an object belongs to the head of stride 8, then 16; the rest to 32.
    private static readonly float[] LargestSide = [48, 112, float.PositiveInfinity];

    /// <summary>
    /// For every cell the index of its object, or -1. Where several objects claim a cell the smallest has it. An object
    /// smaller than a cell still has the one that its centre lies in.
    /// </summary>
    public static int[] Assign(IReadOnlyList<DetectorCell> cells, IReadOnlyList<TrainingBox> boxes)
    {
        var owners = new int[cells.Count];
        Array.Fill(owners, -1);
        var smallestFirst = Enumerable.Range(0, boxes.Count).OrderByDescending(i => boxes[i].Width * boxes[i].Height);
        foreach (var index in smallestFirst)
        {
            var box = boxes[index];
            var stride = StrideFor(Math.Max(box.Width, box.Height));
            for (var i = 0; i < cells.Count; i++)
            {
                if (cells[i].Stride == stride && Claims(cells[i], box))
                {
                    owners[i] = index;
                }
            }
        }

        return owners;
    }

    private static int StrideFor(float side) => DetectorLayout.Strides[Array.FindIndex(LargestSide, limit => side <= limit)];

    private static bool Claims(DetectorCell cell, TrainingBox box)
    {
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        var own = Math.Abs(cell.X - x) <= cell.Stride / 2f && Math.Abs(cell.Y - y) <= cell.Stride / 2f;
        var near = Math.Abs(cell.X - x) < CentreRadius * cell.Stride && Math.Abs(cell.Y - y) < CentreRadius * cell.Stride;
        var inside = cell.X > box.X && cell.X < box.X + box.Width && cell.Y > box.Y && cell.Y < box.Y + box.Height;
        return own || (near && inside);
    }
}

/// <summary>One object of a training picture, in input pixels.</summary>
internal readonly record struct TrainingBox(int ClassId, float X, float Y, float Width, float Height);
