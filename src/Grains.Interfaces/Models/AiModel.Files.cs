namespace OrleansAiFleet.Models;

public sealed partial record AiModel
{
    // Model files and storage

    /// <summary><c>model_file_path</c>.</summary>
    [Id(10)]
    public string ModelFilePath { get; init; } = "";

    /// <summary><c>model_file_size_mb</c>.</summary>
    [Id(11)]
    public decimal? ModelFileSizeMb { get; init; }

    /// <summary><c>config_file_path</c>.</summary>
    [Id(12)]
    public string? ConfigFilePath { get; init; }

    /// <summary><c>weights_file_path</c>.</summary>
    [Id(13)]
    public string? WeightsFilePath { get; init; }

    /// <summary><c>labels_file_path</c>.</summary>
    [Id(14)]
    public string? LabelsFilePath { get; init; }

    /// <summary><c>documentation_url</c>.</summary>
    [Id(15)]
    public string? DocumentationUrl { get; init; }
}
