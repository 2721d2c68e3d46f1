namespace OrleansAiFleet.Training;

public sealed partial record TrainingJob
{
    // Training parameters

    /// <summary><c>epochs</c>.</summary>
    [Id(14)]
    public int Epochs { get; init; } = 100;

    /// <summary><c>batch_size</c>.</summary>
    [Id(15)]
    public int BatchSize { get; init; } = 32;

    /// <summary><c>learning_rate</c>.</summary>
    [Id(16)]
    public decimal LearningRate { get; init; } = 0.001m;

    /// <summary><c>optimizer</c>.</summary>
    [Id(17)]
    public string Optimizer { get; init; } = "Adam";

    /// <summary><c>loss_function</c>.</summary>
    [Id(18)]
    public string? LossFunction { get; init; }

    /// <summary><c>validation_split</c>.</summary>
    [Id(19)]
    public decimal ValidationSplit { get; init; } = 0.20m;

    /// <summary><c>early_stopping_patience</c>.</summary>
    [Id(20)]
    public int EarlyStoppingPatience { get; init; } = 10;
}
