using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Files and artifacts

    /// <summary><c>evaluation_report_path</c>.</summary>
    [Id(58)]
    public string? EvaluationReportPath { get; init; }

    /// <summary><c>detailed_results_path</c>.</summary>
    [Id(59)]
    public string? DetailedResultsPath { get; init; }

    /// <summary><c>visualization_files</c>: Array of visualization file paths.</summary>
    [Id(60)]
    public JsonText? VisualizationFiles { get; init; }

    /// <summary><c>raw_predictions_path</c>.</summary>
    [Id(61)]
    public string? RawPredictionsPath { get; init; }

    /// <summary><c>error_analysis_path</c>.</summary>
    [Id(62)]
    public string? ErrorAnalysisPath { get; init; }
}
