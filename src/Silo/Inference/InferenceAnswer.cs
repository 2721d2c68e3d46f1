namespace OrleansAiFleet.Silo.Inference;

/// <summary>What a deployment's model found on a call's pictures.</summary>
public sealed record InferenceAnswer
{
    public required Guid DeploymentId { get; init; }

    /// <summary>The version that looked.</summary>
    public required InferringModel Model { get; init; }

    /// <summary>One for each picture, in their order.</summary>
    public required IReadOnlyList<PictureAnswer> Results { get; init; }
}

/// <summary>A model version.</summary>
public sealed record InferringModel(Guid Id, string Name, string Version);

/// <summary>What was found on one picture, or why nobody looked.</summary>
public sealed record PictureAnswer
{
    /// <summary>Place of the picture in the call, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Null where the file does not say it.</summary>
    public PictureSize? Image { get; init; }

    /// <summary>Most confident first.</summary>
    public IReadOnlyList<Prediction> Predictions { get; init; } = [];

    /// <summary>Null where nobody looked.</summary>
    public PictureTiming? Timing { get; init; }

    /// <summary>Null where somebody looked.</summary>
    public PictureError? Error { get; init; }
}

/// <summary>In pixels, as the file stores them: a turn that EXIF asks for is not applied.</summary>
public sealed record PictureSize(int Width, int Height);

/// <summary>One object.</summary>
/// <param name="X">Centre of its box, in pixels from the left.</param>
/// <param name="Y">Centre of its box, in pixels from the top.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="Class">What the model's configuration calls it.</param>
/// <param name="ClassId">Its number in the model.</param>
public sealed record Prediction(double X, double Y, double Width, double Height, double Confidence, string Class, int ClassId);

/// <summary>Where the time went, in milliseconds.</summary>
/// <param name="QueueMs">Waiting for its turn.</param>
/// <param name="PreprocessMs">Decoding the file and filling the tensor.</param>
/// <param name="InferMs">Running the batch that it was in.</param>
/// <param name="PostprocessMs">Reading objects out of the numbers.</param>
/// <param name="TotalMs">From the call's arrival to this picture's answer.</param>
public sealed record PictureTiming(double QueueMs, double PreprocessMs, double InferMs, double PostprocessMs, double TotalMs);

/// <summary>Why one picture has no answer: what a problem of it alone would say.</summary>
public sealed record PictureError(int Status, string Detail);
