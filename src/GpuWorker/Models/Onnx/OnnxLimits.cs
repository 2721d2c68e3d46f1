namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>How large a model's description may be: far above any model that the fleet runs, far below what harms a worker.</summary>
internal static class OnnxLimits
{
    /// <summary>Nodes of all graphs together, functions counted as often as they are called.</summary>
    public const int Nodes = 100_000;

    /// <summary>Initializers of all graphs together.</summary>
    public const int Initializers = 100_000;

    /// <summary>Inputs and outputs of all nodes together.</summary>
    public const int Values = 1_000_000;

    /// <summary>Graphs within graphs (If, Loop, Scan).</summary>
    public const int SubgraphDepth = 16;

    /// <summary>Functions that the file defines itself.</summary>
    public const int Functions = 10_000;

    /// <summary>Axes of one tensor.</summary>
    public const int Axes = 16;

    /// <summary>Elements of all sparse tensors together, as ONNX Runtime spreads them out.</summary>
    public const long SparseElements = 1L << 26;

    /// <summary>Bytes of one name.</summary>
    public const int NameBytes = 1024;

    /// <summary>Entries of the metadata.</summary>
    public const int MetadataEntries = 256;

    /// <summary>Bytes of one text of the metadata; a thousand class names take about 20 000.</summary>
    public const int MetadataBytes = 256 * 1024;

    /// <summary>Newest format of files (<c>ir_version</c>) that ONNX Runtime 1.31 opens.</summary>
    public const long NewestIr = 13;

    /// <summary>Newest operators of each domain that ONNX Runtime 1.31 has; domains that are not named here it does not have.</summary>
    public static readonly IReadOnlyDictionary<string, long> NewestOpset = new Dictionary<string, long>
    {
        ["ai.onnx"] = 26,
        ["ai.onnx.ml"] = 5,
        ["com.microsoft"] = 1,
    };

    /// <summary>Oldest operators of ai.onnx that ONNX Runtime has.</summary>
    public const long OldestOpset = 7;
}
