namespace OrleansAiFleet.Vision.Inference;

/// <summary>Everything known of how pictures go into a model and objects come out: complete, nothing open.</summary>
public sealed record ModelProfile
{
    public required InputSpec Input { get; init; }

    public required DecoderKind Decoder { get; init; }

    /// <summary>Class names, index = class id.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>0 to 1.</summary>
    public float NmsIou { get; init; } = 0.45f;

    /// <summary>0 to 1.</summary>
    public float ConfidenceThreshold { get; init; } = 0.25f;

    public int MaxDetections { get; init; } = 300;

    /// <summary>Class that means "nothing", or null.</summary>
    public int? BackgroundClass { get; init; }
}

/// <summary>How a picture becomes the model's input: (pixel - mean) * scale per channel, pixels 0 to 255.</summary>
public sealed record InputSpec
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    public ColorOrder ColorOrder { get; init; }

    public ResizeMode Resize { get; init; }

    /// <summary>Grey of the border, 0 to 255, before mean and scale.</summary>
    public byte PadValue { get; init; } = 114;

    /// <summary>One value per channel in the model's order.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0, 0, 0];

    /// <summary>One value per channel in the model's order.</summary>
    public IReadOnlyList<float> Scale { get; init; } = [1 / 255f, 1 / 255f, 1 / 255f];

    public TensorLayout Layout { get; init; }

    public int Channels => ColorOrder == ColorOrder.Gray ? 1 : 3;

    /// <summary>Elements of one picture.</summary>
    public int Length => Width * Height * Channels;
}

/// <summary>Order of the channels.</summary>
public enum ColorOrder
{
    Rgb,
    Bgr,
    Gray,
}

/// <summary>How a picture is fitted into the model's input.</summary>
public enum ResizeMode
{
    /// <summary>Shape kept, centred on a border.</summary>
    Letterbox,

    /// <summary>Shape kept, border right and below.</summary>
    LetterboxTopLeft,

    /// <summary>Stretched over all of it.</summary>
    Stretch,
}

/// <summary>Order of the axes.</summary>
public enum TensorLayout
{
    Nchw,
    Nhwc,
}

/// <summary>Families of model heads.</summary>
public enum DecoderKind
{
    /// <summary>[1, N, 5 + classes], decoded boxes cx cy w h in input pixels, objectness times class.</summary>
    Yolov5,

    /// <summary>[1, 4 + classes, N], decoded boxes cx cy w h in input pixels, no objectness (also YOLO11).</summary>
    Yolov8,

    /// <summary>[1, N, 6]: x1 y1 x2 y2 confidence class in input pixels, NMS done in the model (YOLOv10, exported NMS).</summary>
    EndToEnd,

    /// <summary>[1, N, 5 + classes] raw on grids of stride 8, 16, 32.</summary>
    Yolox,

    /// <summary>Scores [1, N, classes] and boxes [1, N, 4] normalised x1 y1 x2 y2.</summary>
    Ssd,

    /// <summary>cls, obj, bbox, kps for strides 8, 16, 32.</summary>
    Yunet,

    /// <summary>[1, classes], logits or probabilities.</summary>
    Classifier,
}
