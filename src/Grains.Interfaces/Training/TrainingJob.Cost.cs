namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Cost tracking

    /// <summary><c>compute_cost_per_hour</c>.</summary>
    [Id(33)]
    public decimal? ComputeCostPerHour { get; init; }

    /// <summary><c>estimated_total_cost</c>.</summary>
    [Id(34)]
    public decimal? EstimatedTotalCost { get; init; }

    /// <summary><c>actual_cost</c>.</summary>
    [Id(35)]
    public decimal? ActualCost { get; init; }

    /// <summary><c>cost_budget_limit</c>.</summary>
    [Id(36)]
    public decimal? CostBudgetLimit { get; init; }

    /// <summary><c>cost_alert_threshold</c>.</summary>
    [Id(37)]
    public decimal? CostAlertThreshold { get; init; }
}
