using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Evaluations;

public sealed partial record EvaluationResult
{
    // Quality assurance

    /// <summary><c>data_quality_issues</c>: Issues found in evaluation data.</summary>
    [Id(54)]
    public JsonText? DataQualityIssues { get; init; }

    /// <summary><c>model_quality_score</c>: Overall model quality assessment.</summary>
    [Id(55)]
    public decimal? ModelQualityScore { get; init; }

    /// <summary><c>deployment_readiness_score</c>: Readiness for production deployment.</summary>
    [Id(56)]
    public decimal? DeploymentReadinessScore { get; init; }

    /// <summary><c>risk_assessment_score</c>: Risk level assessment.</summary>
    [Id(57)]
    public decimal? RiskAssessmentScore { get; init; }
}
