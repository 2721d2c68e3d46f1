using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>Picks the pixels of a scaled row out of a blended one. All paths give the same bits.</summary>
internal static class RowSampling
{
    private const int Shift = RowBlend.FractionBits + Taps.RowWeightBits;
    private const int Half = 1 << (Shift - 1);

    /// <summary>Samples one row.</summary>
    /// <param name="blended">The source row from <see cref="RowBlend"/> and one element more, which is read but has no weight.</param>
    /// <param name="indices">See <see cref="Taps"/>; below the length of <paramref name="blended"/> less one.</param>
    /// <param name="weights">See <see cref="Taps"/>.</param>
    /// <param name="target">The scaled row.</param>
    public static void Sample(
        ReadOnlySpan<short> blended, ReadOnlySpan<int> indices, ReadOnlySpan<int> weights, Span<byte> target)
    {
        indices = indices[..target.Length];
        weights = weights[..target.Length];
        var done = Avx2.IsSupported ? Sample256(blended, indices, weights, target) : 0;
        SampleScalar(blended, indices, weights, target, done);
    }

    internal static void SampleScalar(
        ReadOnlySpan<short> blended, ReadOnlySpan<int> indices, ReadOnlySpan<int> weights, Span<byte> target, int from)
    {
        for (var x = from; x < target.Length; x++)
        {
            var index = indices[x];
            var weight = weights[x];
            var sum = (blended[index] * (weight & 0xFFFF)) + (blended[index + 1] * (weight >> 16));
            target[x] = (byte)((sum + Half) >> Shift);
        }
    }

    internal static unsafe int Sample256(
        ReadOnlySpan<short> blended, ReadOnlySpan<int> indices, ReadOnlySpan<int> weights, Span<byte> target)
    {
        ref var t = ref MemoryMarshal.GetReference(target);
        var x = 0;
        fixed (short* pixels = blended)
        fixed (int* index = indices, weight = weights)
        {
            for (; x <= target.Length - 16; x += 16)
            {
                var low = Sample8(pixels, index + x, weight + x);
                var high = Sample8(pixels, index + x + 8, weight + x + 8);
                var words = Avx2.Permute4x64(Avx2.PackSignedSaturate(low, high).AsInt64(), 0b11_01_10_00).AsInt16();
                Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper()).StoreUnsafe(ref t, (nuint)x);
            }
        }

        return x;
    }

    // One 32-bit load brings both neighbours of a pixel.
    private static unsafe Vector256<int> Sample8(short* pixels, int* index, int* weight)
    {
        var pairs = Avx2.GatherVector256((int*)pixels, Vector256.Load(index), sizeof(short));
        var sums = Avx2.MultiplyAddAdjacent(pairs.AsInt16(), Vector256.Load(weight).AsInt16());
        return Vector256.ShiftRightArithmetic(sums + Vector256.Create(Half), Shift);
    }
}
