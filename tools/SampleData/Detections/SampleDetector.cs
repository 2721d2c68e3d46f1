using Microsoft.ML.OnnxRuntime;

using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.SampleData.Detections;

/// <summary>The exported model with the fleet's own kernels and decoder around it: what a worker would find.</summary>
internal sealed class SampleDetector : IDisposable
{
    // COCO's metrics want every detection, weak ones too.
    private const float LowestConfidence = 0.01f;

    private readonly InferenceSession _session;
    private readonly ModelProfile _profile;
    private readonly IOutputDecoder _decoder;
    private readonly long[] _outputShape;
    private readonly float[] _input;
    private readonly float[] _output;

    /// <exception cref="InvalidOperationException">The model does not resolve to a detector by itself.</exception>
    public SampleDetector(string model)
    {
        _session = new(model);
        var contract = new ModelContract(Read(_session.InputMetadata), Read(_session.OutputMetadata), _session.ModelMetadata.CustomMetadataMap);
        var resolution = ProfileResolver.Resolve(contract, new ProfileOverrides { ConfidenceThreshold = LowestConfidence });
        _profile = resolution.Profile ?? throw new InvalidOperationException($"{resolution.FaultField}: {resolution.FaultMessage}");
        _decoder = OutputDecoders.Create(_profile, contract);
        _outputShape = [1, .. contract.Outputs[0].Shape.Skip(1).Select(side => (long)side)];
        _input = new float[_profile.Input.Length];
        _output = new float[_outputShape.Aggregate(1L, (product, side) => product * side)];
    }

    /// <summary>Finds the objects of one I420 picture.</summary>
    public List<ObjectBox> Detect(ReadOnlySpan<byte> i420, int width, int height)
    {
        var transform = TensorFiller.Fill(i420, width, height, _profile.Input, _input);
        Run(_input, _output, 1);
        var objects = new List<ObjectBox>();
        _decoder.Decode(new OutputSet([_output], [[.. _outputShape.Select(side => (int)side)]]), 0, transform, LowestConfidence, objects);
        return objects;
    }

    /// <summary>Runs the model itself on a prepared batch.</summary>
    public void Run(float[] input, float[] output, int pictures)
    {
        using var from = OrtValue.CreateTensorValueFromMemory(input, [pictures, 3, _profile.Input.Height, _profile.Input.Width]);
        using var to = OrtValue.CreateTensorValueFromMemory(output, [pictures, .. _outputShape[1..]]);
        using var options = new RunOptions();
        _session.Run(options, _session.InputNames, [from], _session.OutputNames, [to]);
    }

    public void Dispose() => _session.Dispose();

    private static TensorContract[] Read(IReadOnlyDictionary<string, NodeMetadata> tensors) =>
        [.. tensors.Select(tensor => new TensorContract(tensor.Key, TensorType.Real32, tensor.Value.Dimensions))];
}
