namespace OrleansAiFleet.Vision.Cameras;

/// <summary>Makes part of a picture unrecognizable: squares of one colour, each the mean of what was there. Pure.</summary>
public static class Mosaic
{
    // A face of as few squares as this is nobody's any more; of larger areas the squares stay as coarse.
    private const int SquaresAcross = 6;
    private const int SmallestSquare = 4;
    private const int Channels = 4;

    /// <summary>Covers an area, as far as it lies in the picture.</summary>
    /// <param name="rgba">Rows of four bytes per pixel; the fourth stays.</param>
    /// <param name="width">Of the picture, in pixels.</param>
    /// <param name="height">Of the picture, in pixels.</param>
    /// <param name="left">First column of the area.</param>
    /// <param name="top">First row of the area.</param>
    /// <param name="right">First column after it.</param>
    /// <param name="bottom">First row after it.</param>
    public static void Cover(Span<byte> rgba, int width, int height, int left, int top, int right, int bottom)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgba.Length, width * height * Channels);
        (left, top, right, bottom) = (Math.Max(left, 0), Math.Max(top, 0), Math.Min(right, width), Math.Min(bottom, height));
        if (left >= right || top >= bottom)
        {
            return;
        }

        var square = Math.Max(SmallestSquare, (Math.Max(right - left, bottom - top) + SquaresAcross - 1) / SquaresAcross);
        for (var y = top; y < bottom; y += square)
        {
            for (var x = left; x < right; x += square)
            {
                Flatten(rgba, width, x, y, Math.Min(x + square, right), Math.Min(y + square, bottom));
            }
        }
    }

    private static void Flatten(Span<byte> rgba, int width, int left, int top, int right, int bottom)
    {
        long red = 0, green = 0, blue = 0;
        for (var y = top; y < bottom; y++)
        {
            var row = rgba[(((y * width) + left) * Channels)..(((y * width) + right) * Channels)];
            for (var at = 0; at < row.Length; at += Channels)
            {
                (red, green, blue) = (red + row[at], green + row[at + 1], blue + row[at + 2]);
            }
        }

        var count = (right - left) * (bottom - top);
        var mean = ((byte)(red / count), (byte)(green / count), (byte)(blue / count));
        for (var y = top; y < bottom; y++)
        {
            var row = rgba[(((y * width) + left) * Channels)..(((y * width) + right) * Channels)];
            for (var at = 0; at < row.Length; at += Channels)
            {
                (row[at], row[at + 1], row[at + 2]) = mean;
            }
        }
    }
}
