namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Model specifications

    /// <summary><c>input_resolution_width</c>.</summary>
    [Id(23)]
    public int? InputResolutionWidth { get; init; }

    /// <summary><c>input_resolution_height</c>.</summary>
    [Id(24)]
    public int? InputResolutionHeight { get; init; }

    /// <summary><c>input_channels</c>.</summary>
    [Id(25)]
    public int InputChannels { get; init; } = 3;

    /// <summary><c>output_classes</c>: Array of class names.</summary>
    [Id(26)]
    public string[]? OutputClasses { get; init; }

    /// <summary><c>batch_size_optimal</c>.</summary>
    [Id(27)]
    public int? BatchSizeOptimal { get; init; }

    /// <summary><c>batch_size_max</c>.</summary>
    [Id(28)]
    public int? BatchSizeMax { get; init; }

    /// <summary><c>memory_requirement_gb</c>.</summary>
    [Id(29)]
    public decimal? MemoryRequirementGb { get; init; }
}
