namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Performance tracking

    /// <summary><c>current_loss</c>.</summary>
    [Id(26)]
    public decimal? CurrentLoss { get; init; }

    /// <summary><c>current_accuracy</c>.</summary>
    [Id(27)]
    public decimal? CurrentAccuracy { get; init; }

    /// <summary><c>best_loss</c>.</summary>
    [Id(28)]
    public decimal? BestLoss { get; init; }

    /// <summary><c>best_accuracy</c>.</summary>
    [Id(29)]
    public decimal? BestAccuracy { get; init; }

    /// <summary><c>best_epoch</c>.</summary>
    [Id(30)]
    public int? BestEpoch { get; init; }

    /// <summary><c>validation_loss</c>.</summary>
    [Id(31)]
    public decimal? ValidationLoss { get; init; }

    /// <summary><c>validation_accuracy</c>.</summary>
    [Id(32)]
    public decimal? ValidationAccuracy { get; init; }
}
