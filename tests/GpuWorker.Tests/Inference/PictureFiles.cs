using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

/// <summary>Picture files, whole and otherwise.</summary>
internal static class PictureFiles
{
    /// <summary>One grey all over.</summary>
    public static byte[] Grey(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Png, byte value = 128)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(new SKColor(value, value, value));
        using var encoded = bitmap.Encode(format, 90);
        return encoded.ToArray();
    }

    /// <summary>A small JPEG whose header says that it is something else: it has no checksum.</summary>
    public static byte[] Bomb(ushort width, ushort height)
    {
        var jpeg = Grey(16, 16, SKEncodedImageFormat.Jpeg);
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        (jpeg[frame + 5], jpeg[frame + 6]) = ((byte)(height >> 8), (byte)height);
        (jpeg[frame + 7], jpeg[frame + 8]) = ((byte)(width >> 8), (byte)width);
        return jpeg;
    }
}
