using FsCheck.Xunit;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Inference;

/// <summary>The widest path of the machine (dispatched), the one of 128 bits and the scalar one agree bit for bit.</summary>
public sealed class RowKernelTests
{
    [Property]
    public void Colour_is_the_same_on_all_paths(int seed)
    {
        var random = new Random(seed);
        var length = random.Next(1, 100) * 2;
        byte[] y = Bytes(random, length), u = Bytes(random, length / 2), v = Bytes(random, length / 2);
        var scalar = Rows(length);
        var narrow = Rows(length);
        var widest = Rows(length);
        ColorRow.ConvertScalar(y, u, v, scalar[0], scalar[1], scalar[2], 0);
        var done = ColorRow128.Convert(y, u, v, narrow[0], narrow[1], narrow[2], 0);
        ColorRow.Convert(y, u, v, widest[0], widest[1], widest[2]);
        Assert.Equal(scalar, widest);
        Assert.Equal(length / 16 * 16, done);
        Assert.Equal(scalar.Select(row => row[..done]), narrow.Select(row => row[..done]));
    }

    [Fact]
    public void Colour_is_the_same_on_all_paths_for_every_triple_of_extremes()
    {
        byte[] extremes = [0, 1, 15, 16, 17, 127, 128, 129, 234, 235, 236, 254, 255];
        foreach (var u in extremes)
        {
            foreach (var v in extremes)
            {
                var y = Enumerable.Range(0, 256).Select(level => (byte)level).ToArray();
                var (us, vs) = (Enumerable.Repeat(u, 128).ToArray(), Enumerable.Repeat(v, 128).ToArray());
                var (scalar, widest, narrow) = (Rows(256), Rows(256), Rows(256));
                ColorRow.ConvertScalar(y, us, vs, scalar[0], scalar[1], scalar[2], 0);
                ColorRow.Convert(y, us, vs, widest[0], widest[1], widest[2]);
                ColorRow128.Convert(y, us, vs, narrow[0], narrow[1], narrow[2], 0);
                Assert.Equal(scalar, widest);
                Assert.Equal(scalar, narrow);
            }
        }
    }

    [Property]
    public void Grey_is_the_same_on_all_paths(int seed)
    {
        var random = new Random(seed);
        var y = Bytes(random, random.Next(1, 200));
        byte[] scalar = new byte[y.Length], widest = new byte[y.Length];
        ColorRow.GrayScalar(y, scalar, 0);
        ColorRow.Gray(y, widest);
        Assert.Equal(scalar, widest);
    }

    [Property]
    public void Normalising_is_the_same_on_all_paths(int seed)
    {
        var random = new Random(seed);
        var pixels = Bytes(random, random.Next(1, 200));
        var scale = new ChannelScale(123.675f, 116.28f, 103.53f, 0.0171f, 0.0175f, 1 / 255f);
        float[] scalar = new float[pixels.Length], narrow = new float[pixels.Length], widest = new float[pixels.Length];
        TensorRow.NormalizeScalar(pixels, scale, scalar, 0);
        TensorRow.NormalizeScalar(pixels, scale, narrow, TensorRow.Normalize128(pixels, scale, narrow));
        TensorRow.Normalize(pixels, scale, widest);
        Assert.Equal(scalar, narrow);
        Assert.Equal(scalar, widest);
    }

    [Property]
    public void Interleaving_is_the_same_on_all_paths(int seed)
    {
        var random = new Random(seed);
        var length = random.Next(1, 120);
        byte[] first = Bytes(random, length), second = Bytes(random, length), third = Bytes(random, length);
        byte[] scalar = new byte[length * 3], widest = new byte[length * 3];
        ChannelRow.InterleaveScalar(first, second, third, scalar, 0);
        ChannelRow.Interleave(first, second, third, widest);
        Assert.Equal(scalar, widest);
    }

    private static byte[][] Rows(int length) => [new byte[length], new byte[length], new byte[length]];

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
