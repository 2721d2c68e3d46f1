namespace OrleansAiFleet.Inference;

/// <summary>What a worker found on a picture from outside, or why it did not look. Times in milliseconds.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.InferredPicture")]
public sealed record InferredPicture
{
    /// <summary>Null where the picture was inferred.</summary>
    [Id(0)]
    public PictureFault? Fault { get; init; }

    /// <summary>Of the picture as its file says, in pixels; 0 where that is not known.</summary>
    [Id(1)]
    public int Width { get; init; }

    [Id(2)]
    public int Height { get; init; }

    /// <summary>Most confident first.</summary>
    [Id(3)]
    public PictureObject[] Objects { get; init; } = [];

    [Id(4)]
    public double QueueMilliseconds { get; init; }

    /// <summary>Decoding the file and filling the tensor.</summary>
    [Id(5)]
    public double PreprocessMilliseconds { get; init; }

    [Id(6)]
    public double InferMilliseconds { get; init; }

    [Id(7)]
    public double PostprocessMilliseconds { get; init; }
}

/// <summary>One object on a picture from outside; left, top, width and height of its box in pixels.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.PictureObject")]
public readonly record struct PictureObject(
    [property: Id(0)] int ClassId,
    [property: Id(1)] string ClassName,
    [property: Id(2)] float Confidence,
    [property: Id(3)] float X,
    [property: Id(4)] float Y,
    [property: Id(5)] float Width,
    [property: Id(6)] float Height);

/// <summary>Why a picture from outside was not inferred.</summary>
[GenerateSerializer, Alias("Fleet.PictureFault")]
public enum PictureFault
{
    /// <summary>It is no JPEG, PNG or WebP file.</summary>
    NoPicture = 0,

    /// <summary>Its header says more pixels than are decoded, or a side of less than two.</summary>
    WrongSize = 1,

    /// <summary>It breaks off or cannot be decoded.</summary>
    Damaged = 2,

    /// <summary>The worker's queue is full.</summary>
    Busy = 3,

    /// <summary>Its time was over before it was its turn.</summary>
    TimedOut = 4,

    /// <summary>The worker cannot load the model.</summary>
    ModelNotReady = 5,

    /// <summary>The worker failed at it, or is stopping.</summary>
    Failed = 6,
}
