using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Inference;

/// <summary>
/// Planar YUV to a letterboxed, normalised tensor in one pass: each row is scaled, converted (<see cref="ColorRow"/>),
/// normalised and written before the next is read. Scaling is bilinear per plane (<see cref="FrameScaler"/>), so a
/// picture that ffmpeg scaled to the inner size and one scaled here look alike; at the inner size rows are read in
/// place. Vector and scalar code give the same bits. Any number of threads at a time; allocates nothing once the array
/// pool is warm.
/// </summary>
public static class TensorFiller
{
    /// <summary>Writes one picture into a model's input, border included.</summary>
    /// <param name="i420">Planes Y, U, V tightly packed, BT.601 limited range.</param>
    /// <param name="width">Of the picture; even.</param>
    /// <param name="height">Of the picture; even.</param>
    /// <param name="spec">What the model wants.</param>
    /// <param name="tensor">At least <see cref="InputSpec.Length"/> elements.</param>
    /// <returns>The way back from input pixels to the picture.</returns>
    /// <exception cref="ArgumentException">
    /// A side is not positive and even, a span or the mean or scale is too short, or the input is below 2x2.
    /// </exception>
    public static PictureTransform Fill(
        ReadOnlySpan<byte> i420, int width, int height, InputSpec spec, Span<float> tensor)
    {
        Require(i420, width, height, spec, tensor.Length);
        if (spec.Mean.Count < spec.Channels || spec.Scale.Count < spec.Channels)
        {
            throw new ArgumentException("Mean and scale take one value per channel.", nameof(spec));
        }

        var placement = Placement.Of(width, height, spec);
        tensor = tensor[..spec.Length];
        using var rows = new PictureRows(i420, width, height, placement, spec.ColorOrder);
        if (spec.Layout == TensorLayout.Nhwc && spec.Channels == 3)
        {
            FillInterleaved(rows, spec, placement, tensor);
        }
        else
        {
            FillPlanes(rows, spec, placement, tensor);
        }

        return placement.Transform;
    }

    /// <summary>The same for models that take bytes: no mean and scale.</summary>
    /// <inheritdoc cref="Fill(ReadOnlySpan{byte}, int, int, InputSpec, Span{float})"/>
    public static PictureTransform Fill(
        ReadOnlySpan<byte> i420, int width, int height, InputSpec spec, Span<byte> tensor)
    {
        Require(i420, width, height, spec, tensor.Length);
        var placement = Placement.Of(width, height, spec);
        tensor = tensor[..spec.Length];
        using var rows = new PictureRows(i420, width, height, placement, spec.ColorOrder);
        if (spec.Layout == TensorLayout.Nhwc && spec.Channels == 3)
        {
            FillInterleaved(rows, spec, placement, tensor);
        }
        else
        {
            FillPlanes(rows, spec, placement, tensor);
        }

        return placement.Transform;
    }

    /// <summary>
    /// Size a picture has inside the model's input, both sides even and at least 2: the shape kept as nearly as that
    /// allows, or all of the input where it is stretched (an odd input keeps one column or row of border).
    /// </summary>
    /// <exception cref="ArgumentException">The input is below 2x2.</exception>
    public static (int Width, int Height) InnerSize(int width, int height, InputSpec spec)
    {
        var placement = Placement.Of(width, height, spec);
        return (placement.Width, placement.Height);
    }

    private static void Require(ReadOnlySpan<byte> i420, int width, int height, InputSpec spec, int length)
    {
        FrameScaler.RequirePicture(width, height, i420.Length, nameof(i420));
        if (length < spec.Length)
        {
            throw new ArgumentException($"The tensor takes {spec.Length} elements, not {length}.", nameof(spec));
        }
    }

    private static void FillPlanes(PictureRows rows, InputSpec spec, Placement placement, Span<float> tensor)
    {
        var plane = spec.Width * spec.Height;
        Span<ChannelScale> scales = stackalloc ChannelScale[spec.Channels];
        for (var channel = 0; channel < scales.Length; channel++)
        {
            scales[channel] = ChannelScale.Of(spec, channel);
            var border = scales[channel].Apply(spec.PadValue, 0);
            TensorBorder.Paint(tensor.Slice(channel * plane, plane), new ReadOnlySpan<float>(in border), spec.Width, placement);
        }

        for (var y = 0; y < placement.Height; y++)
        {
            rows.Read(y, rows.Channel(0), rows.Channel(1), rows.Channel(2));
            var start = ((placement.Top + y) * spec.Width) + placement.Left;
            for (var channel = 0; channel < scales.Length; channel++)
            {
                TensorRow.Normalize(rows.Channel(channel), scales[channel], tensor[((channel * plane) + start)..]);
            }
        }
    }

    private static void FillInterleaved(PictureRows rows, InputSpec spec, Placement placement, Span<float> tensor)
    {
        var scale = ChannelScale.Interleaved(spec);
        ReadOnlySpan<float> border =
            [scale.Apply(spec.PadValue, 0), scale.Apply(spec.PadValue, 1), scale.Apply(spec.PadValue, 2)];
        TensorBorder.Paint(tensor, border, spec.Width, placement);
        for (var y = 0; y < placement.Height; y++)
        {
            rows.Read(y, rows.Channel(0), rows.Channel(1), rows.Channel(2));
            ChannelRow.Interleave(rows.Channel(0), rows.Channel(1), rows.Channel(2), rows.Interleaved);
            TensorRow.Normalize(rows.Interleaved, scale, tensor[RowStart(spec, placement, y)..]);
        }
    }

    private static void FillPlanes(PictureRows rows, InputSpec spec, Placement placement, Span<byte> tensor)
    {
        var plane = spec.Width * spec.Height;
        var border = spec.PadValue;
        for (var channel = 0; channel < spec.Channels; channel++)
        {
            TensorBorder.Paint(tensor.Slice(channel * plane, plane), new ReadOnlySpan<byte>(in border), spec.Width, placement);
        }

        var (second, third) = spec.Channels == 3 ? (plane, plane * 2) : (0, 0);
        for (var y = 0; y < placement.Height; y++)
        {
            var start = ((placement.Top + y) * spec.Width) + placement.Left;
            rows.Read(
                y,
                tensor.Slice(start, placement.Width),
                tensor.Slice(second + start, placement.Width),
                tensor.Slice(third + start, placement.Width));
        }
    }

    private static void FillInterleaved(PictureRows rows, InputSpec spec, Placement placement, Span<byte> tensor)
    {
        TensorBorder.Paint(tensor, [spec.PadValue, spec.PadValue, spec.PadValue], spec.Width, placement);
        for (var y = 0; y < placement.Height; y++)
        {
            rows.Read(y, rows.Channel(0), rows.Channel(1), rows.Channel(2));
            ChannelRow.Interleave(
                rows.Channel(0), rows.Channel(1), rows.Channel(2), tensor[RowStart(spec, placement, y)..]);
        }
    }

    private static int RowStart(InputSpec spec, Placement placement, int y) =>
        (((placement.Top + y) * spec.Width) + placement.Left) * spec.Channels;
}
