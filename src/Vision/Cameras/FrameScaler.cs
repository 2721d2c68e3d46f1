namespace OrleansAiFleet.Vision.Cameras;

/// <summary>Scales planar YUV pictures.</summary>
public static class FrameScaler
{
    /// <summary>Scales one I420 picture into another (bilinear).</summary>
    public static void Scale(
        ReadOnlySpan<byte> source, int width, int height, Span<byte> target, int targetWidth, int targetHeight) =>
        throw new NotImplementedException();
}
