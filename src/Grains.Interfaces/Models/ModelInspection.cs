using System.Text.Json.Serialization;

using OrleansAiFleet.Fleet;

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

    /// <summary>At most <see cref="GoldenPicture.MostPictures"/>; the model is run on each.</summary>
    [Id(3)]
    public GoldenPicture[] Pictures { get; init; } = [];

    /// <summary>Class names usual for the model's category: used only where nobody names the classes and their number fits.</summary>
    [Id(4)]
    public string[]? UsualClasses { get; init; }
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
    [Id(8), JsonConverter(typeof(VerbatimKeys<string>))]
    public Dictionary<string, string> Metadata { get; init; } = [];

    /// <summary>Version of the file's format.</summary>
    [Id(9)]
    public long IrVersion { get; init; }

    /// <summary>Version of the operators per domain; the standard's own domain is <c>ai.onnx</c>.</summary>
    [Id(10), JsonConverter(typeof(VerbatimKeys<long>))]
    public Dictionary<string, long> Opsets { get; init; } = [];

    /// <summary>Name and version of the program that wrote the file; empty where it does not say.</summary>
    [Id(11)]
    public string Producer { get; init; } = "";

    /// <summary>Elements of all stored tensors.</summary>
    [Id(12)]
    public long Parameters { get; init; }

    /// <summary>From the file's bytes to a session that can run.</summary>
    [Id(13)]
    public double LoadMilliseconds { get; init; }

    /// <summary>Most memory that loading and running took beyond what the inspecting process had before, in bytes.</summary>
    [Id(14)]
    public long PeakMemoryBytes { get; init; }

    /// <summary>Memory that the loaded model keeps at batch 1, in bytes.</summary>
    [Id(15)]
    public long ModelMemoryBytes { get; init; }

    /// <summary>ONNX Runtime's name of the execution provider that times and memory were measured on.</summary>
    [Id(16)]
    public string Provider { get; init; } = "";

    /// <summary>False where the classes are only numbered, because nobody names them.</summary>
    [Id(17)]
    public bool ClassNamesKnown { get; init; }

    /// <summary>What was found out and how, a sentence each.</summary>
    [Id(18)]
    public string[] Chosen { get; init; } = [];

    /// <summary>What whoever approves the model should know, a sentence each.</summary>
    [Id(19)]
    public string[] Findings { get; init; } = [];

    /// <summary>What the model found on each picture of the request.</summary>
    [Id(20)]
    public PictureEvidence[] Evidence { get; init; } = [];

    /// <summary>How long the whole inspection took, the start of its process included.</summary>
    [Id(21)]
    public double DurationMilliseconds { get; init; }

    /// <summary>Size of the file.</summary>
    [Id(22)]
    public long FileBytes { get; init; }

    /// <summary>Operators at work, those inside control flow included.</summary>
    [Id(23)]
    public int Nodes { get; init; }

    /// <summary>The beginning of the file's own description; empty where it has none.</summary>
    [Id(24)]
    public string Documentation { get; init; } = "";

    /// <summary>Inputs and outputs with their axes as the file names them, open ones by name: <c>"images" [batch,3,640,640]</c>.</summary>
    [Id(25)]
    public string[] DeclaredAxes { get; init; } = [];

    /// <summary>Whether the model was tried on a picture on which it must find something.</summary>
    [Id(26)]
    public bool TriedOnKnownPositive { get; init; }
}

/// <summary>The field at fault (<c>file</c>, <c>configuration.decoder</c>, <c>labels</c> …) and one sentence on what to do.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ModelFault")]
public sealed record ModelFault([property: Id(0)] string Field, [property: Id(1)] string Message);
