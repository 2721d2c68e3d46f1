using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.FleetCli.Samples;

/// <summary>One version that goes out, and how that is to end.</summary>
/// <param name="ModelId">Fixed, so that a second run finds what the first one made.</param>
/// <param name="Version">Its version.</param>
/// <param name="File">Its file in the samples.</param>
/// <param name="Ends">The phase in which the rollout is to end.</param>
internal sealed record CanaryTrial(Guid ModelId, string Version, string File, RolloutPhase Ends)
{
    /// <summary>The sample's network with damaged weights: it passes every check of its shape, and finds objects.</summary>
    public static CanaryTrial Bad { get; } = new(
        new("5a3b1e00-0000-4000-8000-000000000011"), "1.1.0-damaged", "site-safety-damaged.onnx", RolloutPhase.RolledBack);

    /// <summary>The sample's network with rounded weights: as good.</summary>
    public static CanaryTrial Good { get; } = new(
        new("5a3b1e00-0000-4000-8000-000000000012"), "1.1.0", "site-safety-rounded.onnx", RolloutPhase.Succeeded);

    /// <summary>
    /// What both versions find on the same frames decides: agreement and confidence, and that neither errors nor waits grow.
    /// </summary>
    public static AnalysisMetric[] Metrics { get; } =
    [
        new()
        {
            Name = "agreement", Measure = AnalysisMeasure.BaselineAgreement, IntervalSeconds = 8, Count = 3, FailureLimit = 1,
            SuccessCondition = "result >= 80", FailureCondition = "result < 60", InconclusiveLimit = 1,
            OnNoData = NoDataPolicy.Inconclusive, MinSamples = new() { Frames = 10 },
        },
        new()
        {
            Name = "confidence", Measure = AnalysisMeasure.MeanConfidence, Compare = AnalysisComparison.Difference, IntervalSeconds = 8, Count = 3,
            FailureLimit = 1, FailureCondition = "upper < -0.05", OnNoData = NoDataPolicy.Pass,
        },
        new()
        {
            Name = "errors", Measure = AnalysisMeasure.ErrorRate, IntervalSeconds = 8, Count = 3, FailureLimit = 1, FailureCondition = "result > 5",
            OnNoData = NoDataPolicy.Inconclusive, InconclusiveLimit = 1,
        },
    ];

    /// <summary>A quarter of the cameras, half of them, all: looked at before each next one.</summary>
    public static RolloutStep[] Steps { get; } =
    [
        new() { Kind = RolloutStepKind.SetWeight, Weight = 25 },
        new() { Kind = RolloutStepKind.Analysis, Metrics = Metrics },
        new() { Kind = RolloutStepKind.SetWeight, Weight = 50 },
        new() { Kind = RolloutStepKind.Analysis, Metrics = Metrics },
    ];
}
