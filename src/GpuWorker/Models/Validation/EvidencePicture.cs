using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>Pictures of a request: read with care, and given back with what was found drawn into them.</summary>
internal static class EvidencePicture
{
    /// <summary>Longest side that models are tried on and people are shown, in pixels.</summary>
    public const int WorkingSide = 1280;

    /// <summary>Most bytes of a picture that people are shown.</summary>
    public const int MostJpegBytes = 300_000;

    private const string Field = "pictures";
    private const int MostSide = 8192;
    private const long MostPixels = 40_000_000;
    private const int Draws = 50;

    private static readonly PictureLimits Limits =
        new([SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png], MostSide, MostPixels, WorkingSide);

    private static readonly int[] Qualities = [85, 70, 50, 30, 15];
    private static readonly PictureBlur NoBlur = new("");

    /// <summary>Decodes a JPEG or PNG file; its size is judged by its header first.</summary>
    /// <exception cref="ModelFaultException">It is no such picture, or too large.</exception>
    public static VideoFrame Read(string name, byte[] content, FramePool frames)
    {
        try
        {
            return PictureDecoder.Read(content, Limits, frames).Frame;
        }
        catch (PictureFaultException fault)
        {
            throw new ModelFaultException(Field, Explain(name, fault));
        }
    }

    /// <summary>The picture with the most confident objects drawn into it.</summary>
    public static byte[] Annotate(VideoFrame frame, IReadOnlyList<EvidenceObject> objects)
    {
        List<Detection> detections = [.. objects.Take(Draws).Select(ToDetection)];
        byte[] jpeg = [];
        foreach (var quality in Qualities)
        {
            jpeg = FramePicture.ToJpeg(frame, detections, NoBlur, quality);
            if (jpeg.Length <= MostJpegBytes)
            {
                break;
            }
        }

        return jpeg.Length <= MostJpegBytes ? jpeg : Shrink(jpeg);
    }

    // Noise in every pixel does not get smaller by quality alone: a sixteenth of the pixels fits whatever they show.
    private static byte[] Shrink(byte[] jpeg)
    {
        using var whole = SKBitmap.Decode(jpeg);
        var size = new SKSizeI(Math.Max(1, whole.Width / 4), Math.Max(1, whole.Height / 4));
        using var small = whole.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var encoded = small.Encode(SKEncodedImageFormat.Jpeg, Qualities[0]);
        return encoded.ToArray();
    }

    private static string Explain(string name, PictureFaultException fault) => fault.Fault switch
    {
        PictureFault.NoPicture => $"Picture \"{name}\" is no JPEG or PNG file: give it as one.",
        PictureFault.WrongSize =>
            $"Picture \"{name}\" has {fault.Width}x{fault.Height} pixels; give one of 2x2 to {MostSide} a side and at most {MostPixels} in all.",
        _ => $"Picture \"{name}\" is damaged: give a whole file.",
    };

    private static Detection ToDetection(EvidenceObject found) => new()
    {
        Id = Guid.Empty,
        CameraId = Guid.Empty,
        SiteId = Guid.Empty,
        DeploymentId = Guid.Empty,
        ModelId = Guid.Empty,
        FrameTime = default,
        ClassId = found.ClassId,
        ClassName = found.ClassName,
        Confidence = found.Confidence,
        X = found.X,
        Y = found.Y,
        Width = found.Width,
        Height = found.Height,
    };
}
