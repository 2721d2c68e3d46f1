namespace OrleansAiFleet.Models;

/// <summary>What a model found on a picture, for the person who approves it.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.PictureEvidence")]
public sealed record PictureEvidence
{
    /// <summary>The picture's.</summary>
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public GoldenPictureKind Kind { get; init; }

    /// <summary>Most confident first; of a classifier the five best classes, whatever their confidence.</summary>
    [Id(2)]
    public EvidenceObject[] Objects { get; init; } = [];

    /// <summary>The picture with what was found drawn into it: at most 300 KB and 1280 pixels a side.</summary>
    [Id(3)]
    public byte[] AnnotatedJpeg { get; init; } = [];

    /// <summary>Null where the picture says nothing of what is to be found.</summary>
    [Id(4)]
    public bool? FoundExpected { get; init; }
}

/// <summary>One object on a picture. The box is normalised to the picture: left, top, width, height.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.EvidenceObject")]
public sealed record EvidenceObject(
    [property: Id(0)] int ClassId,
    [property: Id(1)] string ClassName,
    [property: Id(2)] float Confidence,
    [property: Id(3)] float X,
    [property: Id(4)] float Y,
    [property: Id(5)] float Width,
    [property: Id(6)] float Height);
