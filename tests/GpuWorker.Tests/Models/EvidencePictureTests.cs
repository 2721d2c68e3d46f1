using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

public sealed class EvidencePictureTests
{
    private static readonly FramePool Frames = new(0);

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 640, 360, 640, 360)]
    [InlineData(SKEncodedImageFormat.Jpeg, 641, 361, 640, 360)]
    [InlineData(SKEncodedImageFormat.Png, 2560, 1440, 1280, 720)]
    [InlineData(SKEncodedImageFormat.Png, 720, 2560, 360, 1280)]
    [InlineData(SKEncodedImageFormat.Png, 2, 2, 2, 2)]
    public void Picture_comes_down_to_the_working_size_and_keeps_its_colours(
        SKEncodedImageFormat format, int width, int height, int workingWidth, int workingHeight)
    {
        var frame = EvidencePicture.Read("a", Encode(format, width, height, new SKColor(200, 60, 30)), Frames);

        Assert.Equal((workingWidth, workingHeight), (frame.Width, frame.Height));
        using var shown = SKBitmap.Decode(EvidencePicture.Annotate(frame, []));
        var pixel = shown.GetPixel(frame.Width / 2, frame.Height / 2);
        Assert.InRange(pixel.Red, 190, 210);
        Assert.InRange(pixel.Green, 50, 70);
        Assert.InRange(pixel.Blue, 20, 40);
    }

    [Fact]
    public void Picture_that_is_none_or_not_whole_is_refused()
    {
        var whole = Encode(SKEncodedImageFormat.Png, 300, 300, SKColors.Red);
        var other = Encode(SKEncodedImageFormat.Webp, 8, 8, SKColors.Red);
        foreach (var content in new[] { "no picture"u8.ToArray(), [0xFF, 0xD8, 0xFF], whole[..(whole.Length / 2)], other })
        {
            Assert.Equal("pictures", Assert.Throws<ModelFaultException>(() => EvidencePicture.Read("a", content, Frames)).Field);
        }
    }

    [Fact]
    public void Picture_of_hostile_size_is_not_decoded()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<ModelFaultException>(() => EvidencePicture.Read("a", HostilePictures.HugePng(), Frames));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Picture_for_people_is_small_even_of_noise()
    {
        var frame = Frames.Rent(1280, 1280);
        new Random(1).NextBytes(frame.Data.Span);

        var jpeg = EvidencePicture.Annotate(frame, [new EvidenceObject(0, "person", 0.9f, 0.1f, 0.1f, 0.5f, 0.5f)]);

        Assert.InRange(jpeg.Length, 1000, EvidencePicture.MostJpegBytes);
    }

    private static byte[] Encode(SKEncodedImageFormat format, int width, int height, SKColor color)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(color);
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }
}
