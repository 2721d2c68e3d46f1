namespace OrleansAiFleet.Trainer.Training;

/// <summary>
/// Shape of the detector: a plain convolutional backbone with a top-down path and one anchor-free head per stride. Network
/// and ONNX export are both made from this, so they cannot differ.
/// </summary>
/// <param name="Width">Input width in pixels, a multiple of 32.</param>
/// <param name="Height">Input height in pixels, a multiple of 32.</param>
/// <param name="Classes">Number of classes.</param>
public sealed record DetectorLayout(int Width, int Height, int Classes)
{
    /// <summary>Values of one cell: left, top, right, bottom, then a score per class.</summary>
    public int Outputs => 4 + Classes;

    /// <summary>Strides of the three heads in input pixels.</summary>
    public static IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    /// <summary>Backbone: output channels, stride, and the level (0 to 2) whose feature map ends there, or -1.</summary>
    internal static IReadOnlyList<(int Channels, int Stride, int Level)> Backbone { get; } =
    [
        (16, 2, -1),
        (32, 2, -1),
        (32, 1, -1),
        (64, 2, -1),
        (64, 1, 0),
        (96, 2, -1),
        (96, 1, 1),
        (96, 2, -1),
        (96, 1, 2),
    ];

    /// <summary>Channels of the three feature maps.</summary>
    internal static IReadOnlyList<int> LevelChannels { get; } = [64, 96, 96];

    /// <summary>Channels inside a head.</summary>
    internal const int HeadChannels = 64;

    /// <summary>Cells of all heads, stride 8 first, row by row.</summary>
    public IReadOnlyList<DetectorCell> Cells { get; } =
    [
        .. Strides.SelectMany(stride => Enumerable.Range(0, Height / stride).SelectMany(row =>
            Enumerable.Range(0, Width / stride).Select(column => new DetectorCell(
                stride, (column + 0.5f) * stride, (row + 0.5f) * stride)))),
    ];
}

/// <summary>One cell of a head, with its centre in input pixels.</summary>
public readonly record struct DetectorCell(int Stride, float X, float Y);
