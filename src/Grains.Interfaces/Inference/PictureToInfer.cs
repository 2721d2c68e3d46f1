using OrleansAiFleet.Models;

namespace OrleansAiFleet.Inference;

/// <summary>A picture file from outside on its way to a worker, which decodes it.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.PictureToInfer")]
public sealed record PictureToInfer
{
    [Id(0)]
    public required ModelReference Model { get; init; }

    /// <summary>For whom: deployments take turns in the queue as cameras do.</summary>
    [Id(1)]
    public Guid DeploymentId { get; init; }

    /// <summary>A JPEG, PNG or WebP file.</summary>
    [Id(2)]
    public required byte[] Content { get; init; }

    /// <summary>Lowest confidence wanted back, 0 to 1; classes with a threshold of their own in the model keep it.</summary>
    [Id(3)]
    public float ConfidenceThreshold { get; init; }

    /// <summary>Longest it may wait and run there.</summary>
    [Id(4)]
    public TimeSpan Timeout { get; init; }

    /// <summary>Longest side that is decoded, in pixels.</summary>
    [Id(5)]
    public int MostSide { get; init; }

    /// <summary>Most pixels that are decoded.</summary>
    [Id(6)]
    public long MostPixels { get; init; }

    /// <summary>Most pictures and frames of the run that it is part of.</summary>
    [Id(7)]
    public int BatchSize { get; init; } = int.MaxValue;
}
