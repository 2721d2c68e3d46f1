using OrleansAiFleet.Models;

namespace OrleansAiFleet.Inference;

/// <summary>A frame on its way to another worker, scaled down to the model's size first.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.SpilledFrame")]
public sealed record SpilledFrame
{
    [Id(0)]
    public required ModelReference Model { get; init; }

    [Id(1)]
    public Guid CameraId { get; init; }

    [Id(2)]
    public int Width { get; init; }

    [Id(3)]
    public int Height { get; init; }

    /// <summary>Planar YUV 4:2:0: Y, then U, then V, tightly packed; <c>width*height*3/2</c> bytes, both even.</summary>
    [Id(4)]
    public required byte[] I420 { get; init; }

    [Id(5)]
    public InferencePriority Priority { get; init; }

    /// <summary>Lowest confidence the caller wants back, 0 to 1.</summary>
    [Id(6)]
    public float ConfidenceThreshold { get; init; }

    /// <summary>Longest it may wait in the other worker's queue.</summary>
    [Id(7)]
    public TimeSpan Timeout { get; init; }

    /// <summary>Most frames of the run that it is part of there.</summary>
    [Id(8)]
    public int MaximumBatch { get; init; } = int.MaxValue;
}
