using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

/// <summary>I420 pictures for tests, and bilinear scaling written out plainly.</summary>
internal static class Pictures
{
    /// <summary>Every byte by chance: also values that limited range never has.</summary>
    public static byte[] Noise(int width, int height, int seed)
    {
        var picture = new byte[VideoFrame.SizeOf(width, height)];
        new Random(seed).NextBytes(picture);
        return picture;
    }

    /// <summary>One colour all over.</summary>
    public static byte[] Plain(int width, int height, byte y, byte u, byte v)
    {
        var picture = new byte[VideoFrame.SizeOf(width, height)];
        var luma = width * height;
        picture.AsSpan(0, luma).Fill(y);
        picture.AsSpan(luma, luma / 4).Fill(u);
        picture.AsSpan(luma * 5 / 4).Fill(v);
        return picture;
    }

    public static ReadOnlySpan<byte> Plane(ReadOnlySpan<byte> picture, int width, int height, int index)
    {
        var luma = width * height;
        return index == 0 ? picture[..luma] : picture.Slice(luma + ((index - 1) * luma / 4), luma / 4);
    }

    /// <summary>Value of a plane at target pixel (x, y) when it is scaled: half-pixel centres, edge repeating, not rounded.</summary>
    public static double Bilinear(
        ReadOnlySpan<byte> plane, int width, int height, int targetWidth, int targetHeight, int x, int y)
    {
        var sourceX = Math.Clamp(((x + 0.5) * width / targetWidth) - 0.5, 0, width - 1);
        var sourceY = Math.Clamp(((y + 0.5) * height / targetHeight) - 0.5, 0, height - 1);
        var (left, top) = ((int)sourceX, (int)sourceY);
        var (right, bottom) = (Math.Min(left + 1, width - 1), Math.Min(top + 1, height - 1));
        var (dx, dy) = (sourceX - left, sourceY - top);
        var above = (plane[(top * width) + left] * (1 - dx)) + (plane[(top * width) + right] * dx);
        var below = (plane[(bottom * width) + left] * (1 - dx)) + (plane[(bottom * width) + right] * dx);
        return (above * (1 - dy)) + (below * dy);
    }
}
