using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Onnx;

/// <summary>All that is checked of a file before ONNX Runtime sees it. Pure; takes time and memory in proportion to the file.</summary>
internal static class OnnxChecks
{
    /// <summary>Reads and judges a file.</summary>
    /// <exception cref="ModelFaultException">It cannot be used; the message says why and what to do.</exception>
    public static OnnxModel Verify(ReadOnlySpan<byte> file)
    {
        var model = OnnxParser.Parse(file);
        OnnxOperators.Verify(model);
        OnnxOrder.Verify(model.Graph);
        foreach (var function in model.Functions.Values)
        {
            OnnxOrder.Verify(function);
        }

        HashSet<string> stored = [.. model.Graph.Initializers];
        var inputs = model.Graph.Inputs.Where(input => !stored.Contains(input.Name)).ToList();
        return inputs.Count == 1 ? model : throw new ModelFaultException(
            $"The model takes {inputs.Count} inputs ({string.Join(", ", inputs.Take(8).Select(Describe))}): export one that takes the picture alone.");
    }

    /// <summary><c>images[batch,3,640,640]</c>, for people.</summary>
    public static string Describe(OnnxValue value) => $"{OnnxParser.Quote(value.Name)} [{string.Join(',', value.Axes ?? ["…"])}]";
}
