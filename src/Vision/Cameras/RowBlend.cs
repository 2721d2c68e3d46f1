using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>
/// Mixes two rows of bytes into one of 16-bit values with <see cref="FractionBits"/> bits behind the point. All paths
/// give the same bits.
/// </summary>
internal static class RowBlend
{
    /// <summary>Seven: 255 times 128 is the most that still fits a signed 16-bit lane.</summary>
    public const int FractionBits = 7;

    /// <summary>Mixes; <paramref name="weight"/> is the share of <paramref name="lower"/> in 1/32768.</summary>
    public static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, short weight, Span<short> target)
    {
        lower = lower[..upper.Length];
        target = target[..upper.Length];
        var done = Avx2.IsSupported ? Blend256(upper, lower, weight, target) : 0;
        done = Vector128.IsHardwareAccelerated ? Blend128(upper, lower, weight, target, done) : done;
        BlendScalar(upper, lower, weight, target, done);
    }

    internal static void BlendScalar(
        ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, short weight, Span<short> target, int from)
    {
        for (var x = from; x < upper.Length; x++)
        {
            var difference = (lower[x] - upper[x]) << FractionBits;
            target[x] = (short)((upper[x] << FractionBits) + FixedPoint.Scale(difference, weight));
        }
    }

    internal static int Blend128(
        ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, short weight, Span<short> target, int from)
    {
        ref var a = ref MemoryMarshal.GetReference(upper);
        ref var b = ref MemoryMarshal.GetReference(lower);
        ref var t = ref MemoryMarshal.GetReference(target);
        var w = Vector128.Create(weight);
        var x = from;
        for (; x <= upper.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var (a0, a1) = Vector128.Widen(Vector128.LoadUnsafe(ref a, (nuint)x));
            var (b0, b1) = Vector128.Widen(Vector128.LoadUnsafe(ref b, (nuint)x));
            Mix(a0.AsInt16(), b0.AsInt16(), w).StoreUnsafe(ref t, (nuint)x);
            Mix(a1.AsInt16(), b1.AsInt16(), w).StoreUnsafe(ref t, (nuint)(x + Vector128<short>.Count));
        }

        return x;
    }

    internal static int Blend256(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, short weight, Span<short> target)
    {
        ref var a = ref MemoryMarshal.GetReference(upper);
        ref var b = ref MemoryMarshal.GetReference(lower);
        ref var t = ref MemoryMarshal.GetReference(target);
        var w = Vector256.Create(weight);
        var x = 0;
        for (; x <= upper.Length - Vector256<short>.Count; x += Vector256<short>.Count)
        {
            var first = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref a, (nuint)x));
            var second = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref b, (nuint)x));
            var difference = Vector256.ShiftLeft(second - first, FractionBits);
            var mixed = Vector256.ShiftLeft(first, FractionBits) + Avx2.MultiplyHighRoundScale(difference, w);
            mixed.StoreUnsafe(ref t, (nuint)x);
        }

        return x;
    }

    private static Vector128<short> Mix(Vector128<short> first, Vector128<short> second, Vector128<short> weight)
    {
        var difference = Vector128.ShiftLeft(second - first, FractionBits);
        return Vector128.ShiftLeft(first, FractionBits) + FixedPoint.Scale(difference, weight);
    }
}
