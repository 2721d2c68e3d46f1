using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>A decoded picture as a camera would deliver it.</summary>
internal static class PictureFrame
{
    /// <summary>
    /// Red, green, blue and a fourth byte per pixel to planar YUV 4:2:0, BT.601 limited range, in 8.8 fixed point (ITU-R
    /// BT.601-7, 2.5.1); colour is the mean of four pixels.
    /// </summary>
    /// <param name="rgba">Rows without a gap.</param>
    /// <param name="width">In pixels; the last column of an odd width is left out.</param>
    /// <param name="height">In pixels; the last row of an odd height is left out.</param>
    /// <param name="frames">Where the frame comes from.</param>
    public static VideoFrame FromRgba(ReadOnlySpan<byte> rgba, int width, int height, FramePool frames)
    {
        var frame = frames.Rent(width / 2 * 2, height / 2 * 2);
        var data = frame.Data.Span;
        var (luma, chroma) = (frame.Width * frame.Height, frame.Width * frame.Height / 4);
        for (var y = 0; y < frame.Height; y++)
        {
            for (var x = 0; x < frame.Width; x++)
            {
                var pixel = rgba.Slice(((y * width) + x) * 4, 3);
                data[(y * frame.Width) + x] = (byte)(((66 * pixel[0]) + (129 * pixel[1]) + (25 * pixel[2]) + 4224) >> 8);
            }
        }

        for (var y = 0; y < frame.Height / 2; y++)
        {
            for (var x = 0; x < frame.Width / 2; x++)
            {
                var (red, green, blue) = Mean(rgba[(((y * 2 * width) + (x * 2)) * 4)..], width * 4);
                var at = luma + (y * (frame.Width / 2)) + x;
                data[at] = (byte)(((-38 * red) - (74 * green) + (112 * blue) + 32_896) >> 8);
                data[at + chroma] = (byte)(((112 * red) - (94 * green) - (18 * blue) + 32_896) >> 8);
            }
        }

        return frame;
    }

    private static (int Red, int Green, int Blue) Mean(ReadOnlySpan<byte> rgba, int stride) =>
        (Mean(rgba, stride, 0), Mean(rgba, stride, 1), Mean(rgba, stride, 2));

    private static int Mean(ReadOnlySpan<byte> rgba, int stride, int channel) =>
        (rgba[channel] + rgba[channel + 4] + rgba[channel + stride] + rgba[channel + stride + 4] + 2) / 4;
}
