namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>Tensors in words, for messages.</summary>
internal static class TensorText
{
    /// <summary><c>output0 [1, 84, ?], output1 …</c>; a question mark is an open axis.</summary>
    public static string Describe(this IReadOnlyList<TensorContract> tensors) =>
        string.Join(", ", tensors.Select(tensor => $"{tensor.Name} {Describe(tensor.Shape)}"));

    /// <summary><c>[1, 84, ?]</c>.</summary>
    public static string Describe(this IReadOnlyList<int> shape) =>
        $"[{string.Join(", ", shape.Select(axis => axis < 0 ? "?" : $"{axis}"))}]";
}
