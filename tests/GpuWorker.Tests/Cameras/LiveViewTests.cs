using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.Vision.Cameras;

using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

public sealed class LiveViewTests
{
    [Fact]
    public async Task Pictures_are_drawn_only_while_somebody_asks_and_are_shared()
    {
        await using var bench = new StreamBench();
        var stream = bench.Start(CameraStreamTests.Live(Clips.Moving(seconds: 2, fps: 25), loop: true));
        await Eventually.TrueAsync(() => stream.GetStatus().FramesInferred > 20, stream.GetStatus);
        Assert.Equal(0, stream.PicturesDrawn);

        var watchers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => stream.GetLiveFrameAsync(0, CancellationToken.None)));

        Assert.InRange(stream.PicturesDrawn, 1, 2);
        Assert.InRange(watchers.Select(frame => frame!.Number).Distinct().Count(), 1, 2);
        var next = await stream.GetLiveFrameAsync(watchers[0]!.Number, CancellationToken.None);
        Assert.True(next!.Number > watchers[0]!.Number);
        Assert.True(next.Time > watchers[0]!.Time);

        await Eventually.TrueAsync(async () => await UnwatchedAsync(stream), stream.GetStatus);
    }

    [Fact]
    public async Task Nothing_new_is_null_in_the_end()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var waiting = new LiveView(time, new("")).NextAsync(0, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await waiting);
    }

    [Fact]
    public async Task Watcher_who_leaves_is_cancelled()
    {
        using var leaving = new CancellationTokenSource();
        var waiting = new LiveView(TimeProvider.System, new("")).NextAsync(0, leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Boxes_and_labels_are_in_the_picture()
    {
        var frame = new FramePool(0).Rent(320, 180);
        frame.Data.Span[..(320 * 180)].Fill(126);
        frame.Data.Span[(320 * 180)..].Fill(128);
        var detection = new Detection
        {
            Id = Guid.NewGuid(), CameraId = Guid.NewGuid(), SiteId = Guid.NewGuid(), DeploymentId = Guid.NewGuid(), ModelId = Guid.NewGuid(),
            FrameTime = default, ClassName = "person", Confidence = 0.87f, TrackId = 12, X = 0.25f, Y = 0.5f, Width = 0.5f, Height = 0.25f,
        };

        using var plain = SKBitmap.Decode(FramePicture.ToJpeg(frame, [], new("")));
        using var drawn = SKBitmap.Decode(FramePicture.ToJpeg(frame, [detection], new("")));

        Assert.Equal((320, 180), (drawn.Width, drawn.Height));
        Assert.InRange(plain.GetPixel(80, 110).Green, 124, 132);
        Assert.True(IsGreen(drawn.GetPixel(80, 110)), "No box.");
        Assert.True(IsGreen(drawn.GetPixel(119, 85)), "No label above the box.");
        Assert.Contains(Enumerable.Range(80, 80), column => drawn.GetPixel(column, 85).Green < 110);
        Assert.Equal(plain.GetPixel(20, 20), drawn.GetPixel(20, 20));
    }

    [Theory]
    [InlineData(235, 128, 128, 255, 255, 255)]
    [InlineData(16, 128, 128, 0, 0, 0)]
    [InlineData(81, 90, 240, 255, 0, 0)]
    [InlineData(145, 54, 34, 0, 255, 0)]
    [InlineData(41, 240, 110, 0, 0, 255)]
    public void Colors_are_those_of_BT601(byte y, byte u, byte v, int red, int green, int blue)
    {
        var frame = new FramePool(0).Rent(2, 2);
        ((byte[])[y, y, y, y, u, v]).CopyTo(frame.Data);
        var rgba = new byte[16];

        FramePicture.ToRgba(frame, rgba);

        Assert.Equal([red, green, blue], rgba[..3].Select(value => (int)value), (expected, seen) => Math.Abs(expected - seen) <= 2);
    }

    private static bool IsGreen(SKColor color) => color.Green > color.Red + 60 && color.Green > color.Blue + 40;

    // Interest lasts a few seconds; after that a second's worth of frames draws nothing.
    private static async Task<bool> UnwatchedAsync(CameraStream stream)
    {
        var (drawn, inferred) = (stream.PicturesDrawn, stream.GetStatus().FramesInferred);
        await Eventually.TrueAsync(() => stream.GetStatus().FramesInferred > inferred + 10, stream.GetStatus);
        return stream.PicturesDrawn == drawn;
    }
}
