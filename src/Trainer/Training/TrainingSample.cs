namespace OrleansAiFleet.Trainer.Training;

/// <summary>One picture at the network's size with its objects.</summary>
internal sealed class TrainingSample
{
    public TrainingSample(DetectorLayout layout, byte[] pixels, IReadOnlyList<TrainingBox> boxes)
    {
        (Pixels, Boxes) = (pixels, boxes);
        Owners = TargetAssignment.Assign(layout.Cells, boxes);
    }

    /// <summary>Planes R, G, B at the network's size.</summary>
    public byte[] Pixels { get; }

    /// <summary>In input pixels.</summary>
    public IReadOnlyList<TrainingBox> Boxes { get; }

    /// <summary>Per cell the index into <see cref="Boxes"/>, or -1.</summary>
    public int[] Owners { get; }

    /// <summary>The same picture seen in a mirror.</summary>
    public TrainingSample Mirrored(DetectorLayout layout)
    {
        var pixels = new byte[Pixels.Length];
        for (var row = 0; row < Pixels.Length / layout.Width; row++)
        {
            var source = Pixels.AsSpan(row * layout.Width, layout.Width);
            var target = pixels.AsSpan(row * layout.Width, layout.Width);
            source.CopyTo(target);
            target.Reverse();
        }

        return new(layout, pixels, [.. Boxes.Select(box => box with { X = layout.Width - box.X - box.Width })]);
    }
}
