namespace OrleansAiFleet.Vision.Inference;

/// <summary>Planar YUV to a letterboxed, normalised tensor in one pass.</summary>
public static class TensorFiller
{
    /// <summary>Writes one picture into a model's input.</summary>
    /// <param name="i420">Planes Y, U, V tightly packed, BT.601 limited range.</param>
    /// <param name="width">Of the picture; even.</param>
    /// <param name="height">Of the picture; even.</param>
    /// <param name="spec">What the model wants.</param>
    /// <param name="tensor">At least <see cref="InputSpec.Length"/> elements.</param>
    /// <returns>The way back from input pixels to the picture.</returns>
    public static PictureTransform Fill(
        ReadOnlySpan<byte> i420, int width, int height, InputSpec spec, Span<float> tensor) =>
        throw new NotImplementedException();

    /// <summary>The same for models that take bytes: no mean and scale.</summary>
    public static PictureTransform Fill(
        ReadOnlySpan<byte> i420, int width, int height, InputSpec spec, Span<byte> tensor) =>
        throw new NotImplementedException();

    /// <summary>Size a picture has inside the model's input, both sides even and at least 2.</summary>
    public static (int Width, int Height) InnerSize(int width, int height, InputSpec spec) =>
        throw new NotImplementedException();
}
