namespace OrleansAiFleet.Models;

/// <summary>One step that somebody took with a model version.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelDecision")]
public sealed record ModelDecision
{
    [Id(0)]
    public ModelStep Step { get; init; }

    /// <summary>Who took it; null for the fleet itself.</summary>
    [Id(1)]
    public Guid? By { get; init; }

    /// <summary>Why, in their words.</summary>
    [Id(2)]
    public string? Comment { get; init; }

    [Id(3)]
    public DateTimeOffset At { get; init; }

    /// <summary>The configuration that they decided about.</summary>
    [Id(4)]
    public int ConfigurationRevision { get; init; } = 1;
}

/// <summary>A file that belongs to a model version beside those that have a column.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.AttachedFile")]
public sealed record AttachedFile
{
    /// <summary>What it is for.</summary>
    [Id(0)]
    public AttachedFileKind Kind { get; init; }

    /// <summary>Name to show and to download it by; no path.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>Key in the model file store.</summary>
    [Id(2)]
    public required string Path { get; init; }

    /// <summary>In bytes.</summary>
    [Id(3)]
    public long Size { get; init; }

    /// <summary>Media type.</summary>
    [Id(4)]
    public string ContentType { get; init; } = "application/octet-stream";
}

/// <summary>What an attached file is for. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.AttachedFileKind")]
public enum AttachedFileKind
{
    /// <summary>Documentation by its author.</summary>
    Documentation = 0,

    /// <summary>A picture with what the model found on it, for whoever approves.</summary>
    Evidence = 1,
}
