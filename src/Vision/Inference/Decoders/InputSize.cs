namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>Size of a model's input in pixels, and how many boxes heads over it have.</summary>
internal readonly record struct InputSize(int Width, int Height)
{
    /// <summary>See <see cref="StrideGrid.AnchorFree"/>.</summary>
    public int AnchorFree => StrideGrid.AnchorFree(Width, Height);

    /// <summary>See <see cref="StrideGrid.FitsAnchorFree"/>.</summary>
    public bool FitsAnchorFree(int boxes) => StrideGrid.FitsAnchorFree(boxes, Width, Height);

    /// <summary>See <see cref="StrideGrid.FitsAnchored"/>.</summary>
    public bool FitsAnchored(int boxes) => StrideGrid.FitsAnchored(boxes, Width, Height);

    public override string ToString() => $"{Width}x{Height}";
}
