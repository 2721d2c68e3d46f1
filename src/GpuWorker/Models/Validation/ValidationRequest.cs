using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>What the worker asks of the inspecting process: goes ahead of the pictures' and the model's bytes.</summary>
internal sealed record ValidationRequest
{
    public required ModelConfiguration Configuration { get; init; }

    /// <summary>Names given by the owner, or null.</summary>
    public string[]? Classes { get; init; }

    /// <summary>Names usual for the model's category, or null.</summary>
    public string[]? UsualClasses { get; init; }

    public required int MaxBatchSize { get; init; }

    public required int IntraOpThreads { get; init; }

    public required long ModelBytes { get; init; }

    public required ValidationPicture[] Pictures { get; init; }
}

/// <summary>A picture of the request without its content, which follows.</summary>
internal sealed record ValidationPicture
{
    public required string Name { get; init; }

    public required GoldenPictureKind Kind { get; init; }

    public required string[] ExpectedClasses { get; init; }

    public required int LeastCount { get; init; }

    public required double LeastConfidence { get; init; }

    public required int Bytes { get; init; }
}
