namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>What an ONNX file says of itself, read without running any of it.</summary>
internal sealed record OnnxModel
{
    /// <summary>Version of the file's format.</summary>
    public required long IrVersion { get; init; }

    /// <summary>Version of the operators per domain; the standard's own domain is <c>ai.onnx</c>.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>Name and version of the program that wrote it; empty where it does not say.</summary>
    public string Producer { get; init; } = "";

    /// <summary>The first of what it says of itself in words; at most <see cref="OnnxParser.DocumentationLength"/> characters.</summary>
    public string Documentation { get; init; } = "";

    public required OnnxGraph Graph { get; init; }

    /// <summary>Functions that the file defines itself, by domain and name.</summary>
    public required IReadOnlyDictionary<(string Domain, string Name), OnnxGraph> Functions { get; init; }

    /// <summary>Elements of all initializers.</summary>
    public required long Parameters { get; init; }

    /// <summary>Nodes of all graphs and functions as they stand in the file.</summary>
    public required int Nodes { get; init; }

    /// <summary>Of all graphs.</summary>
    public required int Initializers { get; init; }
}

/// <summary>One graph: the model's own, one inside a node, or a function's body.</summary>
internal sealed class OnnxGraph
{
    public List<OnnxNode> Nodes { get; } = [];

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>Names of tensors that the file holds.</summary>
    public List<string> Initializers { get; } = [];
}

/// <summary>An input or output with its axes: a number, a name, or <c>?</c>. Null where it says nothing of them.</summary>
internal sealed record OnnxValue(string Name, IReadOnlyList<string>? Axes);

/// <summary>One operator at work.</summary>
internal sealed class OnnxNode
{
    public string Name { get; set; } = "";

    public string Operator { get; set; } = "";

    /// <summary><c>ai.onnx</c> where the file leaves it empty.</summary>
    public string Domain { get; set; } = OnnxParser.StandardDomain;

    public List<string> Inputs { get; } = [];

    public List<string> Outputs { get; } = [];

    public List<OnnxGraph> Subgraphs { get; } = [];
}
