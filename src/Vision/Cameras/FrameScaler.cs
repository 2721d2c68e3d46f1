namespace OrleansAiFleet.Vision.Cameras;

/// <summary>Scales planar YUV pictures.</summary>
public static class FrameScaler
{
    /// <summary>
    /// Scales one I420 picture into another: each plane bilinear with half-pixel centres, the edge repeating (OpenCV's
    /// INTER_LINEAR, within one level). A picture made smaller by more than two is sampled, not averaged. Any number of
    /// threads at a time; allocates nothing once the array pool is warm.
    /// </summary>
    /// <param name="source">Planes Y, U, V tightly packed.</param>
    /// <param name="width">Of the source; even.</param>
    /// <param name="height">Of the source; even.</param>
    /// <param name="target">Receives planes Y, U, V tightly packed; must not overlap the source.</param>
    /// <param name="targetWidth">Wanted; even.</param>
    /// <param name="targetHeight">Wanted; even.</param>
    /// <exception cref="ArgumentException">A side is not positive and even, or a span is too short.</exception>
    public static void Scale(
        ReadOnlySpan<byte> source, int width, int height, Span<byte> target, int targetWidth, int targetHeight)
    {
        RequirePicture(width, height, source.Length, nameof(source));
        RequirePicture(targetWidth, targetHeight, target.Length, nameof(target));
        if ((width, height) == (targetWidth, targetHeight))
        {
            source[..VideoFrame.SizeOf(width, height)].CopyTo(target);
            return;
        }

        using var planes = new PlaneScaler(source, width, height, targetWidth, targetHeight);
        var luma = targetWidth * targetHeight;
        for (var row = 0; row < targetHeight; row++)
        {
            planes.Y(row, target.Slice(row * targetWidth, targetWidth));
        }

        var (halfWidth, halfHeight) = (targetWidth / 2, targetHeight / 2);
        for (var row = 0; row < halfHeight; row++)
        {
            planes.U(row, target.Slice(luma + (row * halfWidth), halfWidth));
            planes.V(row, target.Slice((luma * 5 / 4) + (row * halfWidth), halfWidth));
        }
    }

    /// <summary>Refuses what is no I420 picture of this size.</summary>
    internal static void RequirePicture(int width, int height, int length, string parameter)
    {
        if (width <= 0 || height <= 0 || (width | height) % 2 != 0)
        {
            throw new ArgumentException($"A picture of {width}x{height} cannot be: both sides must be positive and even.", parameter);
        }

        if (length < VideoFrame.SizeOf(width, height))
        {
            throw new ArgumentException(
                $"A picture of {width}x{height} takes {VideoFrame.SizeOf(width, height)} bytes, not {length}.", parameter);
        }
    }
}
