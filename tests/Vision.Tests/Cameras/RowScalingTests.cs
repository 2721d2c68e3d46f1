using System.Runtime.Intrinsics;
using FsCheck.Xunit;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Tests.Cameras;

/// <summary>The widest path of the machine (dispatched), the one of 128 bits and the scalar one agree bit for bit.</summary>
public sealed class RowScalingTests
{
    [Property]
    public void Blending_is_the_same_on_all_paths(int seed)
    {
        var random = new Random(seed);
        byte[] upper = new byte[random.Next(1, 150)], lower = new byte[upper.Length];
        random.NextBytes(upper);
        random.NextBytes(lower);
        var weight = (short)random.Next(0, short.MaxValue + 1);
        short[] scalar = new short[upper.Length], narrow = new short[upper.Length], widest = new short[upper.Length];
        RowBlend.BlendScalar(upper, lower, weight, scalar, 0);
        RowBlend.BlendScalar(upper, lower, weight, narrow, RowBlend.Blend128(upper, lower, weight, narrow, 0));
        RowBlend.Blend(upper, lower, weight, widest);
        Assert.Equal(scalar, narrow);
        Assert.Equal(scalar, widest);
    }

    [Property]
    public void Sampling_is_the_same_on_all_paths(int seed)
    {
        var random = new Random(seed);
        var source = random.Next(1, 120);
        var blended = Enumerable.Range(0, source + 1).Select(_ => (short)random.Next(0, (255 << 7) + 1)).ToArray();
        var target = random.Next(1, 120);
        int[] indices = new int[target], weights = new int[target];
        Taps.Fill(source, indices, weights);
        byte[] scalar = new byte[target], widest = new byte[target];
        RowSampling.SampleScalar(blended, indices, weights, scalar, 0);
        RowSampling.Sample(blended, indices, weights, widest);
        Assert.Equal(scalar, widest);
    }

    [Property]
    public void Multiplying_without_the_instruction_gives_the_same(short value, short factor)
    {
        var (values, factors) = (Vector128.Create(value), Vector128.Create(factor == short.MinValue ? (short)0 : factor));
        Assert.Equal(FixedPoint.ScaleWidened(values, factors), FixedPoint.Scale(values, factors));
        Assert.Equal(FixedPoint.Scale(values[0], factors[0]), FixedPoint.Scale(values, factors)[0]);
    }

    [Property]
    public void Taps_stay_inside_the_row_and_their_weights_add_up_to_one(int seed)
    {
        var random = new Random(seed);
        var source = random.Next(1, 500);
        int[] indices = new int[random.Next(1, 500)], weights = new int[indices.Length];
        Taps.Fill(source, indices, weights);
        for (var x = 0; x < indices.Length; x++)
        {
            var second = weights[x] >> 16;
            Assert.InRange(indices[x], 0, second == 0 ? source - 1 : source - 2);
            Assert.Equal(1 << Taps.RowWeightBits, (weights[x] & 0xFFFF) + second);
        }
    }
}
