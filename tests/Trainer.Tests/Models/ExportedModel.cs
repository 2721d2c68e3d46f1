using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Trainer.Tests.Models;

/// <summary>An exported file in ONNX Runtime, where nothing knows how it was made.</summary>
internal sealed class ExportedModel(string path) : IDisposable
{
    private readonly InferenceSession _session = new(path);

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>What the file says of itself; an open side is -1.</summary>
    public ModelContract Contract => new(Read(_session.InputMetadata), Read(_session.OutputMetadata), _session.ModelMetadata.CustomMetadataMap);

    public float[] Run(float[] input, int pictures)
    {
        var sides = Contract.Inputs[0].Shape;
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, [pictures, sides[1], sides[2], sides[3]]);
        using var options = new RunOptions();
        using var outputs = _session.Run(options, _session.InputNames, [tensor], _session.OutputNames);
        Assert.Equal(pictures, outputs[0].GetTensorTypeAndShape().Shape[0]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose() => _session.Dispose();

    private static TensorContract[] Read(IReadOnlyDictionary<string, NodeMetadata> tensors) =>
        [.. tensors.Select(tensor => new TensorContract(tensor.Key, TensorType.Real32, tensor.Value.Dimensions))];
}
