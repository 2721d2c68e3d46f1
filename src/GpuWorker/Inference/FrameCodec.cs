using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>The codec that a model's profile describes.</summary>
internal sealed class FrameCodec(ModelProfile profile, ModelContract contract) : IFrameCodec
{
    private readonly IOutputDecoder _decoder = OutputDecoders.Create(profile, contract);
    private readonly bool _takesBytes = contract.Inputs[0].Type == TensorType.Byte;

    public PictureTransform Encode(VideoFrame frame, SessionBuffers buffers, int index) => _takesBytes
        ? TensorFiller.Fill(frame.Data.Span, frame.Width, frame.Height, profile.Input, buffers.Input(index))
        : TensorFiller.Fill(frame.Data.Span, frame.Width, frame.Height, profile.Input, buffers.RealInput(index));

    public void Decode(
        OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects) =>
        _decoder.Decode(outputs, index, transform, threshold, objects);
}
