namespace OrleansAiFleet.Models;

/// <summary>A picture that a model is tried on before anybody is asked to approve it.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.GoldenPicture")]
public sealed record GoldenPicture
{
    /// <summary>Most bytes of <see cref="Content"/>: 8 MiB.</summary>
    public const int MostBytes = 8 << 20;

    /// <summary>Most pictures of one inspection.</summary>
    public const int MostPictures = 8;

    /// <summary>For people.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>A JPEG or PNG file of at most <see cref="MostBytes"/>.</summary>
    [Id(1)]
    public required byte[] Content { get; init; }

    [Id(2)]
    public GoldenPictureKind Kind { get; init; }

    /// <summary>Names of classes one of which is to be seen on it.</summary>
    [Id(3)]
    public string[] ExpectedClasses { get; init; } = [];

    /// <summary>Fewest objects of these classes, at least 1.</summary>
    [Id(4)]
    public int LeastCount { get; init; } = 1;

    /// <summary>Confidence that each of them must have, 0 to 1.</summary>
    [Id(5)]
    public double LeastConfidence { get; init; } = 0.25;
}

/// <summary>What follows where the expected is not found on a picture.</summary>
[GenerateSerializer, Alias("Fleet.GoldenPictureKind")]
public enum GoldenPictureKind
{
    /// <summary>It is shown to who approves, with a warning.</summary>
    Golden,

    /// <summary>The model is refused: it finds nothing where everybody sees something.</summary>
    KnownPositive,
}
