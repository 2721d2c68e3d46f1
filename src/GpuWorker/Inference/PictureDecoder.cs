using OrleansAiFleet.Inference;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.Vision.Cameras;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Makes a frame of a picture file, with care: what it costs is judged by its header first.</summary>
internal static class PictureDecoder
{
    /// <summary>Decodes a file. How its camera was held (EXIF) is not applied: boxes are in the pixels as they are stored.</summary>
    /// <exception cref="PictureFaultException">It is no such picture, too large, or damaged.</exception>
    public static DecodedPicture Read(byte[] content, PictureLimits limits, FramePool frames)
    {
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is null || !limits.Formats.Contains(codec.EncodedFormat))
        {
            throw new PictureFaultException(PictureFault.NoPicture, 0, 0);
        }

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width > limits.MostSide || height > limits.MostSide || (long)width * height > limits.MostPixels || width < 2 || height < 2)
        {
            throw new PictureFaultException(PictureFault.WrongSize, width, height);
        }

        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success)
        {
            throw new PictureFaultException(PictureFault.Damaged, width, height);
        }

        var factor = Math.Min(1, (double)limits.WorkingSide / Math.Max(width, height));
        var size = new SKImageInfo(Even(width * factor), Even(height * factor), SKColorType.Rgba8888, SKAlphaType.Premul);
        if (factor >= 1)
        {
            // An odd column or row is left out: boxes count from what is there.
            var whole = PictureFrame.FromRgba(bitmap.GetPixelSpan(), width, height, frames);
            return new(whole, width, height, whole.Width, whole.Height);
        }

        using var scaled = bitmap.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return new(PictureFrame.FromRgba(scaled.GetPixelSpan(), size.Width, size.Height, frames), width, height, width, height);
    }

    private static int Even(double side) => Math.Max(2, (int)side / 2 * 2);
}

/// <summary>What of a picture is decoded.</summary>
/// <param name="Formats">Kinds of file.</param>
/// <param name="MostSide">Longest side of the file's picture, in pixels.</param>
/// <param name="MostPixels">Most pixels of it.</param>
/// <param name="WorkingSide">Longest side of the frame that is made of it; a larger picture is scaled down.</param>
internal sealed record PictureLimits(SKEncodedImageFormat[] Formats, int MostSide, long MostPixels, int WorkingSide);

/// <summary>A picture as a frame.</summary>
/// <param name="Frame">Whoever has this releases it.</param>
/// <param name="Width">Of the file's picture, in pixels.</param>
/// <param name="Height">Of the file's picture, in pixels.</param>
/// <param name="SeenWidth">Pixels of the file's picture that the frame shows, from the left.</param>
/// <param name="SeenHeight">Pixels of the file's picture that the frame shows, from the top.</param>
internal sealed record DecodedPicture(VideoFrame Frame, int Width, int Height, int SeenWidth, int SeenHeight);

/// <summary>A picture file that makes no frame.</summary>
internal sealed class PictureFaultException(PictureFault fault, int width, int height) : Exception($"The picture cannot be taken: {fault}.")
{
    public PictureFault Fault => fault;

    /// <summary>As the file's header says, in pixels; 0 where it says nothing.</summary>
    public int Width => width;

    public int Height => height;
}
