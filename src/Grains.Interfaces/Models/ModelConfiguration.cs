namespace OrleansAiFleet.Models;

/// <summary>
/// How pictures go into a model and objects come out of it. As the user gives it, null means "find out";
/// as registration resolves it, everything the decoder needs is filled. Names are those of the configuration file.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelConfiguration")]
public sealed record ModelConfiguration
{
    /// <summary><c>yolov5</c>, <c>yolov8</c>, <c>end_to_end</c>, <c>yolox</c>, <c>ssd</c>, <c>yunet</c> or <c>classifier</c>.</summary>
    [Id(0)]
    public string? Decoder { get; init; }

    /// <summary>Input width in pixels; needed only where the model leaves it open.</summary>
    [Id(1)]
    public int? InputWidth { get; init; }

    /// <summary>Input height in pixels; needed only where the model leaves it open.</summary>
    [Id(2)]
    public int? InputHeight { get; init; }

    /// <summary><c>rgb</c>, <c>bgr</c> or <c>gray</c>.</summary>
    [Id(3)]
    public string? ColorOrder { get; init; }

    /// <summary><c>letterbox</c> (centred), <c>letterbox_top_left</c> or <c>stretch</c>.</summary>
    [Id(4)]
    public string? Resize { get; init; }

    /// <summary>Grey value of the letterbox border, 0 to 255.</summary>
    [Id(5)]
    public int? PadValue { get; init; }

    /// <summary>Input = (pixel - mean) * scale, per channel in the model's order; pixel and mean 0 to 255. One value or one per channel.</summary>
    [Id(6)]
    public double[]? Mean { get; init; }

    /// <summary>See <see cref="Mean"/>; 1/255 = 0.00392156862745098 gives 0 to 1.</summary>
    [Id(7)]
    public double[]? Scale { get; init; }

    /// <summary>Overlap above which the weaker of two boxes of one class is dropped, 0 to 1.</summary>
    [Id(8)]
    public double? NmsIou { get; init; }

    /// <summary>Lowest confidence kept, 0 to 1; a deployment's own threshold comes on top.</summary>
    [Id(9)]
    public double? ConfidenceThreshold { get; init; }

    /// <summary>Most objects kept per frame.</summary>
    [Id(10)]
    public int? MaxDetections { get; init; }

    /// <summary>Class that means "nothing" (SSD heads), or null.</summary>
    [Id(11)]
    public int? BackgroundClass { get; init; }

    /// <summary>What becomes of its objects before they are stored; null: nothing.</summary>
    [Id(12)]
    public PostprocessingConfiguration? Postprocessing { get; init; }
}
