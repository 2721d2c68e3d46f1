namespace OrleansAiFleet.Models;

/// <summary>What to inspect: a stored file with what its owner says of it.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.InspectModel")]
public sealed record InspectModel
{
    [Id(0)]
    public required string FilePath { get; init; }

    [Id(1)]
    public ModelConfiguration Configuration { get; init; } = new();

    /// <summary>Class names given by the owner, or null to take them from the file's metadata.</summary>
    [Id(2)]
    public string[]? Classes { get; init; }
}

/// <summary>What a model file turned out to be, or why it cannot be used.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelInspection")]
public sealed record ModelInspection
{
    /// <summary>Null where the model can be used.</summary>
    [Id(0)]
    public ModelFault? Fault { get; init; }

    /// <summary>The owner's configuration with every open point resolved.</summary>
    [Id(1)]
    public ModelConfiguration Configuration { get; init; } = new();

    [Id(2)]
    public string[] Classes { get; init; } = [];

    [Id(3)]
    public int InputChannels { get; init; }

    /// <summary>1 where the model's batch axis is fixed to one.</summary>
    [Id(4)]
    public int MaxBatchSize { get; init; } = 1;

    /// <summary>Batch size with the best measured throughput on the inspecting worker.</summary>
    [Id(5)]
    public int OptimalBatchSize { get; init; } = 1;

    /// <summary>Median time of one run at batch 1 on the inspecting worker.</summary>
    [Id(6)]
    public double InferenceMilliseconds { get; init; }

    /// <summary>Inputs and outputs as <c>name type[shape]</c>, for people.</summary>
    [Id(7)]
    public string[] Signature { get; init; } = [];

    /// <summary>ONNX custom metadata.</summary>
    [Id(8)]
    public Dictionary<string, string> Metadata { get; init; } = [];
}

/// <summary>The field at fault (<c>file</c>, <c>configuration.decoder</c>, <c>labels</c> …) and one sentence on what to do.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelFault")]
public sealed record ModelFault([property: Id(0)] string Field, [property: Id(1)] string Message);
