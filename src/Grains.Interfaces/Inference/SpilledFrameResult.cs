namespace OrleansAiFleet.Inference;

/// <summary>What another worker found in a spilled frame, or why it did not look.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.SpilledFrameResult")]
public sealed record SpilledFrameResult
{
    /// <summary>Null where the frame was inferred.</summary>
    [Id(0)]
    public SkipReason? Skipped { get; init; }

    /// <summary>Objects after NMS, boxes normalised to the frame (0 to 1).</summary>
    [Id(1)]
    public FoundObject[] Objects { get; init; } = [];

    [Id(2)]
    public double QueueMilliseconds { get; init; }

    [Id(3)]
    public double PreprocessMilliseconds { get; init; }

    [Id(4)]
    public double InferMilliseconds { get; init; }

    [Id(5)]
    public double PostprocessMilliseconds { get; init; }
}

/// <summary>One object in one frame: class, confidence (0 to 1) and box normalised to the frame.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.FoundObject")]
public readonly record struct FoundObject(
    [property: Id(0)] int ClassId,
    [property: Id(1)] float Confidence,
    [property: Id(2)] float X,
    [property: Id(3)] float Y,
    [property: Id(4)] float Width,
    [property: Id(5)] float Height);
