using FsCheck.Xunit;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

public sealed class SmallPictureTests
{
    [Theory]
    [InlineData(1920, 1080, 178, 100)]
    [InlineData(640, 360, 178, 100)]
    [InlineData(64, 48, 64, 48)]
    [InlineData(1, 5000, 1, 100)]
    public void Picture_has_a_hundred_rows_at_most(int width, int height, int smallWidth, int smallHeight)
    {
        var small = new SmallPicture(width, height);
        Assert.Equal((smallWidth, smallHeight), (small.Width, small.Height));
    }

    [Property(MaxTest = 50)]
    public void Every_pixel_is_the_blurred_average_of_its_area(int seed)
    {
        var random = new Random(seed);
        var (width, height) = (random.Next(1, 400), random.Next(1, 300));
        var luma = new byte[width * height];
        random.NextBytes(luma);
        var small = new SmallPicture(width, height);
        small.Take(luma);
        for (var i = 0; i < small.Pixels.Length; i += 37)
        {
            Assert.InRange(small.Pixels[i] - Blurred(luma, width, height, small, i % small.Width, i / small.Width), -1.01, 1.01);
        }
    }

    private static double Blurred(byte[] luma, int width, int height, SmallPicture small, int x, int y)
    {
        var sum = 0.0;
        for (var dy = -1; dy <= 1; dy++)
        {
            for (var dx = -1; dx <= 1; dx++)
            {
                var (atX, atY) = (Math.Clamp(x + dx, 0, small.Width - 1), Math.Clamp(y + dy, 0, small.Height - 1));
                sum += (2 - Math.Abs(dx)) * (2 - Math.Abs(dy)) * Average(luma, width, height, small, atX, atY);
            }
        }

        return sum / 16;
    }

    private static double Average(byte[] luma, int width, int height, SmallPicture small, int x, int y)
    {
        var (left, right) = (x * width / small.Width, (x + 1) * width / small.Width);
        var (top, bottom) = (y * height / small.Height, (y + 1) * height / small.Height);
        var values = from row in Enumerable.Range(top, bottom - top)
                     from column in Enumerable.Range(left, right - left)
                     select (double)luma[(row * width) + column];
        return values.Average();
    }
}
