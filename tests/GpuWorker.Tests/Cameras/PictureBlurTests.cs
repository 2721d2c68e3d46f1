using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.Vision.Cameras;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class PictureBlurTests
{
    private const int Width = 320;
    private const int Height = 240;

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("face", 1, 1)]
    [InlineData("person", 0, 0)]
    [InlineData("PERSON:head", 0, 1)]
    public void Only_what_is_named_is_covered(string classes, int head, int feet)
    {
        using var picture = SKBitmap.Decode(FramePicture.ToJpeg(Striped(), [Person()], new(classes)));

        Assert.Equal((head, feet), (Stripes(picture, 110) ? 1 : 0, Stripes(picture, 190) ? 1 : 0));
        Assert.True(Stripes(picture, 20), "What is not in the box stays.");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("face, person:head", true)]
    [InlineData("face,Face", false)]
    [InlineData("person,person:head", false)]
    [InlineData(":head", false)]
    public void Setting_names_each_class_once(string classes, bool valid) => Assert.Equal(valid, PictureBlur.IsValid(classes));

    [Fact]
    public async Task Live_picture_is_covered()
    {
        var live = new LiveView(TimeProvider.System, new("person"));
        var waiting = live.NextAsync(0, CancellationToken.None);

        var frame = Striped();
        frame.Time = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        live.Offer(frame, Guid.NewGuid(), [Person()]);

        using var picture = SKBitmap.Decode((await waiting)!.Jpeg);
        Assert.False(Stripes(picture, 110));
        Assert.True(Stripes(picture, 20));
    }

    private static Detection Person() => new()
    {
        Id = Guid.NewGuid(), CameraId = Guid.NewGuid(), SiteId = Guid.NewGuid(), DeploymentId = Guid.NewGuid(), ModelId = Guid.NewGuid(),
        FrameTime = default, ClassName = "person", Confidence = 0.9f, X = 0.25f, Y = 0.4f, Width = 0.5f, Height = 0.5f,
    };

    // Upright stripes, four pixels each: a face for a machine that looks for edges.
    private static VideoFrame Striped()
    {
        var frame = new FramePool(0).Rent(Width, Height);
        var luma = frame.Data.Span[..(Width * Height)];
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = (byte)(i % Width / 4 % 2 == 0 ? 40 : 200);
        }

        frame.Data.Span[(Width * Height)..].Fill(128);
        return frame;
    }

    private static bool Stripes(SKBitmap picture, int row)
    {
        var greens = Enumerable.Range(120, 80).Select(column => (int)picture.GetPixel(column, row).Green).ToList();
        return greens.Max() - greens.Min() > 100;
    }
}
