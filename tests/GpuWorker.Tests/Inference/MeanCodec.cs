using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>
/// For the channel-mean model: a frame's first luma value goes in everywhere and must come out as the confidence of its
/// one object, so a mixed-up batch shows. Can be held shut, and fails on two values.
/// </summary>
internal sealed class MeanCodec(ManualResetEventSlim? gate = null) : IFrameCodec
{
    public const byte FailsToEncode = 250;
    public const byte FailsToDecode = 251;

    public PictureTransform Encode(VideoFrame frame, SessionBuffers buffers, int index)
    {
        gate?.Wait();
        if (frame.Y[0] == FailsToEncode)
        {
            throw new ArgumentException("not a picture");
        }

        buffers.RealInput(index).Fill(frame.Y[0]);
        return default;
    }

    public void Decode(OutputSet outputs, int index, PictureTransform transform, float threshold, List<ObjectBox> objects)
    {
        var mean = outputs.Tensors[0].Span[index * outputs.Tensors[0].Length / outputs.Shapes[0][0]];
        if (MathF.Round(mean) == FailsToDecode)
        {
            throw new InvalidDataException("no objects");
        }

        objects.Add(new ObjectBox(0, mean, 0, 0, 1, 1));
    }
}
