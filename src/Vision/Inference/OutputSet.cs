namespace OrleansAiFleet.Vision.Inference;

/// <summary>The outputs of one run, in the order of the model's contract, for a whole batch.</summary>
/// <param name="Tensors">Values per output; the batch is the slowest axis.</param>
/// <param name="Shapes">Shape of each output with its batch axis.</param>
public sealed record OutputSet(IReadOnlyList<ReadOnlyMemory<float>> Tensors, IReadOnlyList<int[]> Shapes);
