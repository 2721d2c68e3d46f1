using FsCheck.Xunit;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

public sealed class FrameScalerTests
{
    [Property(MaxTest = 150)]
    public void Every_pixel_is_bilinear_within_rounding(int seed)
    {
        var random = new Random(seed);
        var (width, height) = (random.Next(1, 80) * 2, random.Next(1, 50) * 2);
        var (targetWidth, targetHeight) = (random.Next(1, 80) * 2, random.Next(1, 50) * 2);
        var source = Pictures.Noise(width, height, seed);
        var target = new byte[VideoFrame.SizeOf(targetWidth, targetHeight)];
        FrameScaler.Scale(source, width, height, target, targetWidth, targetHeight);
        for (var plane = 0; plane < 3; plane++)
        {
            var half = plane == 0 ? 1 : 2;
            var from = Pictures.Plane(source, width, height, plane);
            var to = Pictures.Plane(target, targetWidth, targetHeight, plane);
            for (var i = 0; i < to.Length; i++)
            {
                var (x, y) = (i % (targetWidth / half), i / (targetWidth / half));
                var expected = Pictures.Bilinear(
                    from, width / half, height / half, targetWidth / half, targetHeight / half, x, y);
                Assert.True(Math.Abs(expected - to[i]) <= 0.6, $"{seed}: plane {plane} at {x}, {y} is {to[i]}, not {expected:0.00}.");
            }
        }
    }

    [Fact]
    public void Same_size_is_a_copy()
    {
        var source = Pictures.Noise(66, 34, 3);
        var target = new byte[source.Length];
        FrameScaler.Scale(source, 66, 34, target, 66, 34);
        Assert.Equal(source, target);
    }

    [Fact]
    public void Three_times_smaller_takes_every_third_pixel()
    {
        var source = Pictures.Noise(96, 48, 5);
        var target = new byte[VideoFrame.SizeOf(32, 16)];
        FrameScaler.Scale(source, 96, 48, target, 32, 16);
        Assert.Equal(source[(((7 * 3) + 1) * 96) + (11 * 3) + 1], target[(7 * 32) + 11]);
    }

    [Fact]
    public void Scaling_allocates_nothing_once_warm()
    {
        var source = Pictures.Noise(320, 180, 1);
        var target = new byte[VideoFrame.SizeOf(160, 90)];
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            FrameScaler.Scale(source, 320, 180, target, 160, 90);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Odd_sides_and_short_spans_are_refused()
    {
        var source = Pictures.Noise(32, 32, 1);
        Assert.Throws<ArgumentException>(() => FrameScaler.Scale(source, 31, 32, new byte[600], 16, 16));
        Assert.Throws<ArgumentException>(() => FrameScaler.Scale(source, 32, 34, new byte[600], 16, 16));
        Assert.Throws<ArgumentException>(() => FrameScaler.Scale(source, 32, 32, new byte[300], 16, 16));
    }
}
