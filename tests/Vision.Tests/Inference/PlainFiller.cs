using OrleansAiFleet.Vision.Inference;
using OrleansAiFleet.Vision.Tests.Cameras;

namespace OrleansAiFleet.Vision.Tests.Inference;

/// <summary>
/// The filling written out pixel by pixel in double precision, rounding nothing but the end (BT.601 by its formula).
/// </summary>
internal static class PlainFiller
{
    /// <summary>Channel values (0 to 255, not rounded) in the order of the tensor's elements.</summary>
    public static double[] Pixels(FillCase one, byte[] picture)
    {
        var spec = one.Spec;
        var (width, height) = TensorFiller.InnerSize(one.Width, one.Height, spec);
        var centred = spec.Resize == ResizeMode.Letterbox;
        var (left, top) = centred ? ((spec.Width - width) / 2, (spec.Height - height) / 2) : (0, 0);
        var tensor = new double[spec.Length];
        for (var y = 0; y < spec.Height; y++)
        {
            for (var x = 0; x < spec.Width; x++)
            {
                var isInside = x >= left && x < left + width && y >= top && y < top + height;
                for (var channel = 0; channel < spec.Channels; channel++)
                {
                    tensor[IndexOf(spec, channel, x, y)] = isInside
                        ? Channel(one, picture, (width, height), x - left, y - top, channel)
                        : spec.PadValue;
                }
            }
        }

        return tensor;
    }

    public static int IndexOf(InputSpec spec, int channel, int x, int y) => spec.Layout == TensorLayout.Nchw
        ? (((channel * spec.Height) + y) * spec.Width) + x
        : (((y * spec.Width) + x) * spec.Channels) + channel;

    private static double Channel(FillCase one, byte[] picture, (int Width, int Height) inner, int x, int y, int channel)
    {
        var luma = 255 / 219.0 * Math.Max(0, Sample(one, picture, inner, 0, x, y) - 16);
        if (one.Spec.ColorOrder == ColorOrder.Gray)
        {
            return Math.Clamp(luma, 0, 255);
        }

        var u = Sample(one, picture, inner, 1, x / 2, y / 2) - 128;
        var v = Sample(one, picture, inner, 2, x / 2, y / 2) - 128;
        const double Chroma = 255 / 224.0;
        return Math.Clamp((one.Spec.ColorOrder == ColorOrder.Rgb ? channel : 2 - channel) switch
        {
            0 => luma + (Chroma * 1.402 * v),
            1 => luma - (Chroma * 1.772 * 0.114 / 0.587 * u) - (Chroma * 1.402 * 0.299 / 0.587 * v),
            _ => luma + (Chroma * 1.772 * u),
        }, 0, 255);
    }

    private static double Sample(FillCase one, byte[] picture, (int Width, int Height) inner, int plane, int x, int y)
    {
        var half = plane == 0 ? 1 : 2;
        return Pictures.Bilinear(
            Pictures.Plane(picture, one.Width, one.Height, plane),
            one.Width / half, one.Height / half, inner.Width / half, inner.Height / half, x, y);
    }
}
