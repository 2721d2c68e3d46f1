using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Results and artifacts

    /// <summary><c>output_model_path</c>.</summary>
    [Id(38)]
    public string? OutputModelPath { get; init; }

    /// <summary><c>checkpoint_paths</c>: Array of checkpoint file paths.</summary>
    [Id(39)]
    public JsonText? CheckpointPaths { get; init; }

    /// <summary><c>log_file_path</c>.</summary>
    [Id(40)]
    public string? LogFilePath { get; init; }

    /// <summary><c>tensorboard_log_path</c>.</summary>
    [Id(41)]
    public string? TensorboardLogPath { get; init; }

    /// <summary><c>metrics_file_path</c>.</summary>
    [Id(42)]
    public string? MetricsFilePath { get; init; }

    /// <summary><c>confusion_matrix_path</c>.</summary>
    [Id(43)]
    public string? ConfusionMatrixPath { get; init; }
}
