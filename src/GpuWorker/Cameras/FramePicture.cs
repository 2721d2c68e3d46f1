using System.Globalization;

using OrleansAiFleet.Detections;
using OrleansAiFleet.Vision.Cameras;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Covers what nobody is to recognize, draws detections into a frame and makes a JPEG of it.</summary>
internal static class FramePicture
{
    private const int Quality = 80;

    private static readonly SKColor[] Colors =
    [
        new(0x00, 0xE6, 0x76), new(0xFF, 0xC4, 0x00), new(0x40, 0xC4, 0xFF), new(0xFF, 0x52, 0x52),
        new(0xE0, 0x40, 0xFB), new(0xFF, 0x9E, 0x40), new(0x64, 0xFF, 0xDA), new(0xEE, 0xFF, 0x41),
    ];

    /// <param name="frame">What is shown.</param>
    /// <param name="detections">What is drawn into it.</param>
    /// <param name="blur">What is covered.</param>
    /// <param name="quality">Of the JPEG, 1 to 100.</param>
    public static byte[] ToJpeg(VideoFrame frame, IReadOnlyList<Detection> detections, PictureBlur blur, int quality = Quality)
    {
        using var bitmap = new SKBitmap(frame.Width, frame.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        ToRgba(frame, bitmap.GetPixelSpan());
        blur.Apply(bitmap.GetPixelSpan(), frame.Width, frame.Height, detections);
        using (var canvas = new SKCanvas(bitmap))
        {
            foreach (var detection in detections)
            {
                DrawBox(canvas, bitmap, detection);
            }

            // After all boxes: no box crosses a label.
            foreach (var detection in detections)
            {
                DrawLabel(canvas, bitmap, detection);
            }
        }

        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return jpeg.ToArray();
    }

    /// <summary>BT.601 limited range to RGB, in 8.8 fixed point (ITU-R BT.601-7, 2.5.1 inverted).</summary>
    internal static void ToRgba(VideoFrame frame, Span<byte> rgba)
    {
        var luma = frame.Y;
        var blue = frame.U;
        var red = frame.V;
        for (int row = 0, at = 0; row < frame.Height; row++)
        {
            for (var column = 0; column < frame.Width; column++, at += 4)
            {
                var chroma = (row / 2 * (frame.Width / 2)) + (column / 2);
                var y = (298 * (luma[(row * frame.Width) + column] - 16)) + 128;
                var (u, v) = (blue[chroma] - 128, red[chroma] - 128);
                rgba[at] = Byte((y + (409 * v)) >> 8);
                rgba[at + 1] = Byte((y - (100 * u) - (208 * v)) >> 8);
                rgba[at + 2] = Byte((y + (516 * u)) >> 8);
                rgba[at + 3] = byte.MaxValue;
            }
        }
    }

    private static byte Byte(int value) => (byte)Math.Clamp(value, 0, 255);

    private static SKColor ColorOf(Detection detection) => Colors[(detection.ClassId & int.MaxValue) % Colors.Length];

    private static void DrawBox(SKCanvas canvas, SKBitmap bitmap, Detection detection)
    {
        using var line = new SKPaint
        {
            Color = ColorOf(detection),
            Style = SKPaintStyle.Stroke,
            StrokeWidth = Math.Max(1, bitmap.Width / 320),
        };
        canvas.DrawRect(
            detection.X * bitmap.Width,
            detection.Y * bitmap.Height,
            detection.Width * bitmap.Width,
            detection.Height * bitmap.Height,
            line);
    }

    private static void DrawLabel(SKCanvas canvas, SKBitmap bitmap, Detection detection)
    {
        // As small as it can be read: a busy picture has a label every few pixels.
        var scale = Math.Max(1, bitmap.Width / 480);
        var track = detection.TrackId is { } id ? $" #{id % 100_000}" : "";
        var label = string.Create(CultureInfo.InvariantCulture, $"{detection.ClassName} {detection.Confidence * 100:0}%{track}");
        var (width, height) = (PixelFont.WidthOf(label) * scale, PixelFont.LineHeight * scale);
        var left = Math.Clamp(detection.X * bitmap.Width, 0, Math.Max(0, bitmap.Width - width));
        var top = detection.Y * bitmap.Height;
        PixelFont.Draw(canvas, label, left, top >= height ? top - height : top, scale, ColorOf(detection));
    }
}
