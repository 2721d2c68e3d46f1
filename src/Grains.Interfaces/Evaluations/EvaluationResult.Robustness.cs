namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Robustness testing

    /// <summary><c>adversarial_accuracy</c>: Accuracy under adversarial examples.</summary>
    [Id(35)]
    public decimal? AdversarialAccuracy { get; init; }

    /// <summary><c>noise_robustness_score</c>: Performance with noisy inputs.</summary>
    [Id(36)]
    public decimal? NoiseRobustnessScore { get; init; }

    /// <summary><c>lighting_robustness_score</c>: Performance under different lighting.</summary>
    [Id(37)]
    public decimal? LightingRobustnessScore { get; init; }

    /// <summary><c>occlusion_robustness_score</c>: Performance with occlusions.</summary>
    [Id(38)]
    public decimal? OcclusionRobustnessScore { get; init; }

    /// <summary><c>scale_robustness_score</c>: Performance across different scales.</summary>
    [Id(39)]
    public decimal? ScaleRobustnessScore { get; init; }
}
