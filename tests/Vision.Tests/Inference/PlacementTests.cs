using FsCheck.Xunit;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

public sealed class PlacementTests
{
    [Theory]
    [InlineData(1920, 1080, 640, 640, ResizeMode.Letterbox, 640, 360, 0, 140)]
    [InlineData(1080, 1920, 640, 640, ResizeMode.Letterbox, 360, 640, 140, 0)]
    [InlineData(640, 480, 416, 416, ResizeMode.LetterboxTopLeft, 416, 312, 0, 0)]
    [InlineData(640, 480, 300, 300, ResizeMode.Stretch, 300, 300, 0, 0)]
    [InlineData(100, 98, 640, 640, ResizeMode.Letterbox, 640, 628, 0, 6)]
    [InlineData(64, 48, 299, 299, ResizeMode.Stretch, 298, 298, 0, 0)]
    [InlineData(4000, 2, 32, 32, ResizeMode.Letterbox, 32, 2, 0, 15)]
    public void Picture_lies_where_the_mode_says(
        int width, int height, int inputWidth, int inputHeight, ResizeMode mode, int innerWidth, int innerHeight, int left, int top)
    {
        var spec = new InputSpec { Width = inputWidth, Height = inputHeight, Resize = mode };
        Assert.Equal(new Placement(left, top, innerWidth, innerHeight), Placement.Of(width, height, spec));
        Assert.Equal((innerWidth, innerHeight), TensorFiller.InnerSize(width, height, spec));
    }

    [Property(Arbitrary = [typeof(FillCases)])]
    public void Inner_size_is_even_fits_and_keeps_the_shape_within_a_pixel(FillCase one)
    {
        var (width, height) = TensorFiller.InnerSize(one.Width, one.Height, one.Spec);
        Assert.True(width % 2 == 0 && height % 2 == 0 && width >= 2 && height >= 2);
        Assert.True(width <= one.Spec.Width && height <= one.Spec.Height);
        if (one.Spec.Resize == ResizeMode.Stretch)
        {
            Assert.True(one.Spec.Width - width <= 1 && one.Spec.Height - height <= 1);
            return;
        }

        Assert.Equal((width, height), TensorFiller.InnerSize(width, height, one.Spec));
        var factor = Math.Min((double)(one.Spec.Width & ~1) / one.Width, (double)(one.Spec.Height & ~1) / one.Height);
        Assert.True(Math.Abs(width - (one.Width * factor)) <= 2 && Math.Abs(height - (one.Height * factor)) <= 2);
    }

    [Property(Arbitrary = [typeof(FillCases)])]
    public void Transform_maps_the_edges_of_the_inner_picture_to_zero_and_one(FillCase one)
    {
        var placement = Placement.Of(one.Width, one.Height, one.Spec);
        var transform = placement.Transform;
        Assert.Equal(0, (placement.Left - transform.OffsetX) * transform.FactorX);
        Assert.Equal(0, (placement.Top - transform.OffsetY) * transform.FactorY);
        Assert.Equal(1, (placement.Left + placement.Width - transform.OffsetX) * transform.FactorX, 6);
        Assert.Equal(1, (placement.Top + placement.Height - transform.OffsetY) * transform.FactorY, 6);
    }

    [Theory]
    [InlineData(ResizeMode.Letterbox)]
    [InlineData(ResizeMode.LetterboxTopLeft)]
    [InlineData(ResizeMode.Stretch)]
    public void Spot_in_the_tensor_maps_back_to_the_spot_in_the_picture(ResizeMode mode)
    {
        var spec = new InputSpec { Width = 96, Height = 128, Resize = mode, ColorOrder = ColorOrder.Gray };
        var picture = Cameras.Pictures.Plain(320, 200, 16, 128, 128);
        for (var y = 60; y < 100; y++)
        {
            picture.AsSpan((y * 320) + 240, 40).Fill(235);
        }

        var tensor = new byte[spec.Length];
        var transform = TensorFiller.Fill(picture, 320, 200, spec, tensor);
        var bright = Enumerable.Range(0, tensor.Length).Where(i => tensor[i] > 200).ToArray();
        Assert.Equal(260 / 320.0, Back(bright.Average(i => (i % 96) + 0.5), transform.OffsetX, transform.FactorX), 0.01);
        Assert.Equal(80 / 200.0, Back(bright.Average(i => (i / 96) + 0.5), transform.OffsetY, transform.FactorY), 0.01);
    }

    [Fact]
    public void Input_without_room_for_a_picture_is_refused() =>
        Assert.Throws<ArgumentException>(() => TensorFiller.InnerSize(64, 64, new InputSpec { Width = 1, Height = 64 }));

    private static double Back(double position, float offset, float factor) => (position - offset) * factor;
}
