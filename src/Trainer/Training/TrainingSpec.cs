namespace OrleansAiFleet.Trainer.Training;

/// <summary>What to train, on what, for how long.</summary>
public sealed record TrainingSpec
{
    /// <summary>COCO annotations of the training pictures.</summary>
    public required string Annotations { get; init; }

    /// <summary>Folder of the training pictures.</summary>
    public required string Pictures { get; init; }

    /// <summary>ONNX file to write; it appears whole or not at all.</summary>
    public required string Output { get; init; }

    /// <summary>Input width, a multiple of 32.</summary>
    public int Width { get; init; } = 384;

    /// <summary>Input height, a multiple of 32.</summary>
    public int Height { get; init; } = 224;

    public int Epochs { get; init; } = 12;

    public int BatchSize { get; init; } = 16;

    /// <summary>Highest learning rate; it warms up, then falls along a cosine.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>Same seed, same set, same machine: same weights.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads for the arithmetic; 0 takes the library's choice.</summary>
    public int Threads { get; init; }

    /// <exception cref="InvalidDataException">A number cannot be; the message names it.</exception>
    internal void Require()
    {
        string? fault = this switch
        {
            { Width: <= 0 } or { Height: <= 0 } => "width and height must be positive",
            _ when Width % 32 != 0 || Height % 32 != 0 => "width and height must be multiples of 32",
            { Epochs: < 1 } => "epochs must be at least 1",
            { BatchSize: < 1 } => "batch_size must be at least 1",
            { Threads: < 0 } => "threads must not be negative",
            _ when !(LearningRate > 0) => "learning_rate must be positive",
            _ => null,
        };
        if (fault is not null)
        {
            throw new InvalidDataException($"The training's specification is wrong: {fault}.");
        }
    }
}

/// <summary>Where a training stands after an epoch.</summary>
/// <param name="Epoch">Counts from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Loss">Mean loss of the epoch.</param>
/// <param name="LearningRate">At the epoch's end.</param>
/// <param name="Seconds">The epoch took so long.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, double Loss, double LearningRate, double Seconds);
