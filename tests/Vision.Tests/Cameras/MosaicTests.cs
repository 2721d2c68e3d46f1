using FsCheck.Xunit;

using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

public sealed class MosaicTests
{
    [Property]
    public void Nothing_outside_the_area_changes_and_no_square_inside_has_two_colours(int seed, sbyte left, sbyte top, byte width, byte height)
    {
        var random = new Random(seed);
        var (w, h) = (random.Next(1, 80), random.Next(1, 80));
        var picture = new byte[w * h * 4];
        random.NextBytes(picture);
        var before = picture.ToArray();

        Mosaic.Cover(picture, w, h, left, top, left + width, top + height);

        var (x0, y0, x1, y1) = (Math.Max(left, (sbyte)0), Math.Max(top, (sbyte)0), Math.Min(left + width, w), Math.Min(top + height, h));
        var colours = new HashSet<int>();
        for (var y = 0; y < h; y++)
        {
            for (var x = 0; x < w; x++)
            {
                var at = ((y * w) + x) * 4;
                if (x >= x0 && x < x1 && y >= y0 && y < y1)
                {
                    colours.Add(picture[at] | (picture[at + 1] << 8) | (picture[at + 2] << 16));
                    Assert.Equal(before[at + 3], picture[at + 3]);
                }
                else
                {
                    Assert.Equal(before.AsSpan(at, 4), picture.AsSpan(at, 4));
                }
            }
        }

        // Six squares across and six down at most, however large it is.
        Assert.InRange(colours.Count, 0, 36);
    }

    [Fact]
    public void Square_has_the_mean_of_what_was_there()
    {
        var picture = new byte[4 * 4 * 4];
        for (var i = 0; i < 16; i++)
        {
            (picture[i * 4], picture[(i * 4) + 1]) = ((byte)(i % 2 * 200), 90);
        }

        Mosaic.Cover(picture, 4, 4, 0, 0, 4, 4);

        Assert.All(Enumerable.Range(0, 16), i => Assert.Equal((100, 90, 0), (picture[i * 4], picture[(i * 4) + 1], picture[(i * 4) + 2])));
    }
}
