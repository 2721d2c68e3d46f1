namespace OrleansAiFleet.Vision.Inference;

/// <summary>What a model file says of itself.</summary>
public sealed record ModelContract(
    IReadOnlyList<TensorContract> Inputs,
    IReadOnlyList<TensorContract> Outputs,
    IReadOnlyDictionary<string, string> Metadata);

/// <summary>One input or output. A dimension of -1 is open.</summary>
public sealed record TensorContract(string Name, TensorType Type, IReadOnlyList<int> Shape);

/// <summary>Element type of a tensor, as far as the fleet runs it.</summary>
public enum TensorType
{
    Other,
    Real32,
    Byte,
}
