namespace OrleansAiFleet.Vision.Inference;

/// <summary>Paints what the picture leaves free of a model's input.</summary>
internal static class TensorBorder
{
    /// <summary>Paints the border of one plane, or of all channels where they are interleaved.</summary>
    /// <param name="tensor">Rows of <paramref name="width"/> pixels.</param>
    /// <param name="pixel">One pixel of the border.</param>
    /// <param name="width">Of the input.</param>
    /// <param name="picture">Where the picture lies.</param>
    public static void Paint<T>(Span<T> tensor, ReadOnlySpan<T> pixel, int width, Placement picture)
        where T : unmanaged, IEquatable<T>
    {
        var row = width * pixel.Length;
        var (top, bottom) = (picture.Top, picture.Top + picture.Height);
        Repeat(tensor[..(top * row)], pixel);
        Repeat(tensor[(bottom * row)..], pixel);
        if (picture.Width == width)
        {
            return;
        }

        for (var y = top; y < bottom; y++)
        {
            var line = tensor.Slice(y * row, row);
            Repeat(line[..(picture.Left * pixel.Length)], pixel);
            Repeat(line[((picture.Left + picture.Width) * pixel.Length)..], pixel);
        }
    }

    private static void Repeat<T>(Span<T> target, ReadOnlySpan<T> pixel)
        where T : unmanaged, IEquatable<T>
    {
        if (target.IsEmpty)
        {
            return;
        }

        if (!pixel.ContainsAnyExcept(pixel[0]))
        {
            target.Fill(pixel[0]);
            return;
        }

        pixel.CopyTo(target);
        for (var done = pixel.Length; done < target.Length; done *= 2)
        {
            target[..Math.Min(done, target.Length - done)].CopyTo(target[done..]);
        }
    }
}
