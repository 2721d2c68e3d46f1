using FsCheck.Xunit;
using OrleansAiFleet.Vision.Inference;
using OrleansAiFleet.Vision.Tests.Cameras;

namespace OrleansAiFleet.Vision.Tests.Inference;

public sealed class TensorFillerTests
{
    // Scaled planes are whole levels (half a level off at most); blue takes luma 1.16 and U 2.02 times and is rounded itself.
    private const double ScaledTolerance = (0.53 * (1.164 + 2.017)) + 0.53;

    // Sixteen-bit fixed point and the rounding to a whole level.
    private const double ColorTolerance = 0.53;

    [Property(Arbitrary = [typeof(FillCases)], MaxTest = 300)]
    public void Every_pixel_is_what_the_formulas_say(FillCase one) => Check(one, ScaledTolerance);

    [Property(Arbitrary = [typeof(FillCases)], MaxTest = 150)]
    public void A_picture_at_the_inner_size_is_only_converted(FillCase any) =>
        Check(FillCases.AtInnerSize(any), ColorTolerance);

    [Property(Arbitrary = [typeof(FillCases)], MaxTest = 150)]
    public void Reals_are_the_bytes_less_mean_times_scale(FillCase one)
    {
        var picture = Pictures.Noise(one.Width, one.Height, one.Seed);
        var bytes = new byte[one.Spec.Length];
        var reals = new float[one.Spec.Length];
        var ofBytes = TensorFiller.Fill(picture, one.Width, one.Height, one.Spec, bytes);
        var ofReals = TensorFiller.Fill(picture, one.Width, one.Height, one.Spec, reals);
        Assert.Equal(ofBytes, ofReals);
        for (var i = 0; i < bytes.Length; i++)
        {
            var channel = ChannelOf(one.Spec, i);
            Assert.Equal((bytes[i] - one.Spec.Mean[channel]) * one.Spec.Scale[channel], reals[i]);
        }
    }

    [Property(Arbitrary = [typeof(FillCases)], MaxTest = 100)]
    public void Every_element_is_written_and_none_behind_them(FillCase one)
    {
        var picture = Pictures.Plain(one.Width, one.Height, 128, 128, 128);
        var tensor = new float[one.Spec.Length + 7];
        Array.Fill(tensor, float.NaN);
        TensorFiller.Fill(picture, one.Width, one.Height, one.Spec, tensor);
        Assert.DoesNotContain(float.NaN, tensor[..one.Spec.Length]);
        Assert.All(tensor[one.Spec.Length..], static rest => Assert.Equal(float.NaN, rest));
    }

    [Fact]
    public void Red_green_and_blue_come_out_in_the_order_asked_for()
    {
        var red = Pictures.Plain(64, 64, 81, 90, 240);
        Assert.Equal([254, 0, 0], FirstPixel(red, ColorOrder.Rgb));
        Assert.Equal([0, 0, 254], FirstPixel(red, ColorOrder.Bgr));
    }

    [Fact]
    public void Grey_ignores_colour_and_spans_black_to_white()
    {
        Assert.Equal([0], FirstPixel(Pictures.Plain(64, 64, 16, 30, 220), ColorOrder.Gray));
        Assert.Equal([255], FirstPixel(Pictures.Plain(64, 64, 235, 30, 220), ColorOrder.Gray));
    }

    [Fact]
    public void Border_gets_mean_and_scale_too()
    {
        var spec = new InputSpec { Width = 64, Height = 64, Mean = [100, 110, 120], Scale = [1, 2, 3] };
        var tensor = new float[spec.Length];
        TensorFiller.Fill(Pictures.Plain(64, 32, 128, 128, 128), 64, 32, spec, tensor);
        Assert.Equal([14, 8, -18], new[] { tensor[0], tensor[64 * 64], tensor[2 * 64 * 64] });
        Assert.Equal(14, tensor[(64 * 64) - 1]);
        Assert.NotEqual(14, tensor[32 * 64]);
    }

    [Fact]
    public void Filling_allocates_nothing_once_warm()
    {
        var spec = new InputSpec { Width = 320, Height = 320 };
        var picture = Pictures.Noise(640, 360, 1);
        var tensor = new float[spec.Length];
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            TensorFiller.Fill(picture, 640, 360, spec, tensor);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        var spec = new InputSpec { Width = 160, Height = 160 };
        var expected = Filled(0);
        Parallel.For(0, 64, index =>
        {
            var seed = index % 2;
            var tensor = Filled(seed);
            Assert.Equal(seed == 0, tensor.AsSpan().SequenceEqual(expected));
        });

        float[] Filled(int seed)
        {
            var tensor = new float[spec.Length];
            TensorFiller.Fill(Pictures.Noise(320 + (seed * 40), 180, seed), 320 + (seed * 40), 180, spec, tensor);
            return tensor;
        }
    }

    [Theory]
    [InlineData(63, 64)]
    [InlineData(64, 0)]
    [InlineData(64, 66)]
    public void Picture_of_an_impossible_size_is_refused(int width, int height)
    {
        var spec = new InputSpec { Width = 8, Height = 8 };
        Assert.Throws<ArgumentException>(() =>
            TensorFiller.Fill(Pictures.Noise(64, 64, 1), width, height, spec, new float[spec.Length]));
    }

    [Fact]
    public void Tensor_or_mean_too_short_is_refused()
    {
        var picture = Pictures.Noise(64, 64, 1);
        var spec = new InputSpec { Width = 8, Height = 8 };
        Assert.Throws<ArgumentException>(() => TensorFiller.Fill(picture, 64, 64, spec, new float[spec.Length - 1]));
        Assert.Throws<ArgumentException>(() =>
            TensorFiller.Fill(picture, 64, 64, spec with { Mean = [0] }, new float[spec.Length]));
    }

    private static void Check(FillCase one, double tolerance)
    {
        var picture = Pictures.Noise(one.Width, one.Height, one.Seed);
        var expected = PlainFiller.Pixels(one, picture);
        var bytes = new byte[one.Spec.Length];
        TensorFiller.Fill(picture, one.Width, one.Height, one.Spec, bytes);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - bytes[i]) <= tolerance, $"{one}: element {i} is {bytes[i]}, not {expected[i]:0.00}.");
        }
    }

    private static int ChannelOf(InputSpec spec, int index) =>
        spec.Layout == TensorLayout.Nchw ? index / (spec.Width * spec.Height) : index % spec.Channels;

    private static byte[] FirstPixel(byte[] picture, ColorOrder order)
    {
        var spec = new InputSpec { Width = 64, Height = 64, ColorOrder = order, Layout = TensorLayout.Nhwc };
        var tensor = new byte[spec.Length];
        TensorFiller.Fill(picture, 64, 64, spec, tensor);
        return tensor[..spec.Channels];
    }
}
