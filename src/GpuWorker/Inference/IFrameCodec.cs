using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Brings frames into a model's input and objects out of its outputs. One per instance: not for two threads.</summary>
internal interface IFrameCodec
{
    /// <summary>Writes a frame to its place in the coming batch.</summary>
    PictureTransform Encode(VideoFrame frame, SessionBuffers buffers, int index);

    /// <summary>The objects of one picture of the batch, most confident first.</summary>
    void Decode(OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects);
}
