using FsCheck.Xunit;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

public sealed class ChangedAreasTests
{
    [Fact]
    public void One_pixel_grows_to_nine()
    {
        var areas = new ChangedAreas(10, 10);
        areas.Mask[55] = 1;
        Assert.Equal(new AreaCount(0.09, 1), areas.Find(0.08));
        Assert.Equal(new AreaCount(0.09, 0), areas.Find(0.09));
    }

    [Fact]
    public void Pixels_whose_growth_touches_at_a_corner_are_one_area()
    {
        var areas = new ChangedAreas(12, 12);
        areas.Mask[(2 * 12) + 2] = 1;
        areas.Mask[(5 * 12) + 5] = 1;
        Assert.Equal(1, areas.Find(0).Areas);
    }

    [Fact]
    public void Pixels_apart_are_areas_of_their_own()
    {
        var areas = new ChangedAreas(12, 12);
        areas.Mask[(2 * 12) + 2] = 1;
        areas.Mask[(2 * 12) + 6] = 1;
        Assert.Equal(2, areas.Find(0).Areas);
    }

    [Property]
    public void Share_is_that_of_the_grown_pixels(int seed)
    {
        var random = new Random(seed);
        var (width, height) = (random.Next(1, 40), random.Next(1, 40));
        var areas = new ChangedAreas(width, height);
        var mask = Enumerable.Range(0, width * height).Select(_ => (byte)(random.Next(12) == 0 ? 1 : 0)).ToArray();
        mask.CopyTo(areas.Mask);
        var grown = Enumerable.Range(0, mask.Length).Count(at => Enumerable.Range(0, mask.Length).Any(other =>
            mask[other] == 1
            && Math.Abs((at % width) - (other % width)) <= 1
            && Math.Abs((at / width) - (other / width)) <= 1));
        Assert.Equal((double)grown / mask.Length, areas.Find(0).Share);
    }
}
