using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>One model used as one profile says, picture by picture: the whole way from pixels to objects.</summary>
internal sealed class ModelTrial : IDisposable
{
    /// <summary>What is less sure than this is not even reported as the best that was found.</summary>
    private const float Least = 0.05f;

    private readonly ModelProfile _profile;
    private readonly SessionBuffers _buffers;
    private readonly FrameCodec _codec;

    /// <param name="session">Stays its owner's.</param>
    /// <param name="profile">How the model is used; objects below its confidence are found too, for messages.</param>
    public ModelTrial(OnnxSession session, ModelProfile profile)
    {
        _profile = profile;
        _codec = new FrameCodec(profile with { ConfidenceThreshold = IsClassifier ? 0 : Math.Min(Least, profile.ConfidenceThreshold) }, session.Contract);
        _buffers = session.Allocate(profile.Input, maximumBatch: 1);
    }

    public bool IsClassifier => _profile.Decoder == DecoderKind.Classifier;

    /// <summary>Everything that may be on the picture, most confident first.</summary>
    /// <exception cref="ModelFaultException">The model gives numbers that are none, or what its decoder cannot read.</exception>
    public IReadOnlyList<EvidenceObject> Find(VideoFrame frame)
    {
        List<ObjectBox> boxes = [];
        var transform = _codec.Encode(frame, _buffers, 0);
        var outputs = _buffers.Run(1);
        RequireNumbers(outputs);
        try
        {
            _codec.Decode(outputs, 0, transform, 0, boxes);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new ModelFaultException("configuration.decoder", $"The decoder does not fit what the model gives for a picture: {exception.Message}");
        }

        return [.. boxes.Select(box => new EvidenceObject(
            box.ClassId, _profile.Classes[box.ClassId], box.Confidence, box.X, box.Y, box.Width, box.Height))];
    }

    /// <summary>Those of them that a deployment would report; of a classifier the best, however unsure.</summary>
    public IReadOnlyList<EvidenceObject> Sure(IReadOnlyList<EvidenceObject> found) =>
        IsClassifier ? found : [.. found.Where(one => one.Confidence >= _profile.ConfidenceThreshold)];

    /// <summary>Whether the same picture gives the same numbers twice, and all of them are finite.</summary>
    /// <exception cref="ModelFaultException">The model gives numbers that are none.</exception>
    public (bool IsRepeatable, bool IsFinite) Repeat(VideoFrame frame)
    {
        _codec.Encode(frame, _buffers, 0);
        var first = RequireNumbers(_buffers.Run(1)).Tensors.Select(tensor => tensor.ToArray()).ToArray();
        var second = _buffers.Run(1).Tensors;
        var same = !first.Where((tensor, i) => !tensor.AsSpan().SequenceEqual(second[i].Span)).Any();
        return (same, first.All(tensor => tensor.All(float.IsFinite)));
    }

    public void Dispose() => _buffers.Dispose();

    private static OutputSet RequireNumbers(OutputSet outputs)
    {
        foreach (var tensor in outputs.Tensors)
        {
            foreach (var value in tensor.Span)
            {
                if (float.IsNaN(value))
                {
                    throw new ModelFaultException("The model gives values that are no numbers (NaN) for a picture: export it anew, in float32.");
                }
            }
        }

        return outputs;
    }
}
