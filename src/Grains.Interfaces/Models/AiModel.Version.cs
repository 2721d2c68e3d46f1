namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Version and metadata

    /// <summary><c>version</c>.</summary>
    [Id(4)]
    public string Version { get; init; } = "";

    /// <summary><c>description</c>.</summary>
    [Id(5)]
    public string? Description { get; init; }

    /// <summary><c>framework</c>: YOLOv8, ResNet, Custom CNN, etc..</summary>
    [Id(6)]
    public string? Framework { get; init; }

    /// <summary><c>architecture</c>: Model architecture details.</summary>
    [Id(7)]
    public string? Architecture { get; init; }

    /// <summary><c>author</c>.</summary>
    [Id(8)]
    public string? Author { get; init; }

    /// <summary><c>organization</c>.</summary>
    [Id(9)]
    public string? Organization { get; init; }
}
