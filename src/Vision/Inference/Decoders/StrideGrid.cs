namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>The cells of one stride over a model's input, left to right, then down.</summary>
internal readonly record struct StrideGrid(int Stride, int InputWidth, int InputHeight)
{
    /// <summary>Strides of the usual three scales.</summary>
    public static readonly int[] Strides = [8, 16, 32];

    public int Columns => (InputWidth + Stride - 1) / Stride;

    public int Cells => Columns * ((InputHeight + Stride - 1) / Stride);

    /// <summary>Box of one cell from its offsets (in cells) and logarithmic size: four values, in input pixels.</summary>
    public BoxShape Box(int cell, ReadOnlySpan<float> raw) => new(
        (raw[0] + (cell % Columns)) * Stride,
        (raw[1] + (cell / Columns)) * Stride,
        MathF.Exp(raw[2]) * Stride,
        MathF.Exp(raw[3]) * Stride);

    /// <summary>Cells of stride 8, 16 and 32 together: 3549 at 416 × 416, 8400 at 640 × 640.</summary>
    public static int AnchorFree(int width, int height) => Sum(width, height, Strides);

    /// <summary>Whether a head without anchors can have this many boxes: its usual scales, fewer, or one more.</summary>
    public static bool FitsAnchorFree(int boxes, int width, int height) =>
        ManyScales(width, height).Contains(boxes) || OneScale(width, height).Contains(boxes);

    /// <summary>The same for decoded boxes of a head that may have three anchors per cell.</summary>
    public static bool FitsAnchored(int boxes, int width, int height) =>
        FitsAnchorFree(boxes, width, height)
        || (boxes % 3 == 0 && ManyScales(width, height).Contains(boxes / 3));

    private static int[] ManyScales(int width, int height) =>
    [
        Sum(width, height, 8, 16, 32),
        Sum(width, height, 8, 16, 32, 64),
        Sum(width, height, 4, 8, 16, 32),
        Sum(width, height, 16, 32),
        Sum(width, height, 8, 16),
    ];

    private static int[] OneScale(int width, int height) =>
        [Sum(width, height, 8), Sum(width, height, 16), Sum(width, height, 32)];

    private static int Sum(int width, int height, params ReadOnlySpan<int> strides)
    {
        var sum = 0;
        foreach (var stride in strides)
        {
            sum += new StrideGrid(stride, width, height).Cells;
        }

        return sum;
    }
}
