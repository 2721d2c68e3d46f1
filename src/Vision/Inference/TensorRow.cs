using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansAiFleet.Vision.Inference;

/// <summary>
/// Bytes to reals: (pixel - mean) * scale. Subtracted and multiplied in two roundings on purpose: a fused multiply-add
/// would not be faster here and would make the last bit depend on the machine. All paths give the same bits.
/// </summary>
internal static class TensorRow
{
    /// <summary>Converts a row that starts with the first channel.</summary>
    public static void Normalize(ReadOnlySpan<byte> pixels, in ChannelScale scale, Span<float> target)
    {
        target = target[..pixels.Length];
        var done = Avx2.IsSupported ? Normalize256(pixels, scale, target) : 0;
        done = done == 0 && Vector128.IsHardwareAccelerated ? Normalize128(pixels, scale, target) : done;
        NormalizeScalar(pixels, scale, target, done);
    }

    internal static void NormalizeScalar(ReadOnlySpan<byte> pixels, in ChannelScale scale, Span<float> target, int from)
    {
        // Vectors stop at a multiple of three.
        for (int x = from, phase = 0; x < pixels.Length; x++, phase = phase == 2 ? 0 : phase + 1)
        {
            target[x] = scale.Apply(pixels[x], phase);
        }
    }

    internal static int Normalize256(ReadOnlySpan<byte> pixels, in ChannelScale scale, Span<float> target)
    {
        const int Step = 24;
        ref var p = ref MemoryMarshal.GetReference(pixels);
        ref var t = ref MemoryMarshal.GetReference(target);
        var (mean0, mean1, mean2) = (Mean256(scale, 0), Mean256(scale, 8), Mean256(scale, 16));
        var (scale0, scale1, scale2) = (Scale256(scale, 0), Scale256(scale, 8), Scale256(scale, 16));
        var x = 0;
        for (; x <= pixels.Length - Step; x += Step)
        {
            ((Reals256(ref p, x) - mean0) * scale0).StoreUnsafe(ref t, (nuint)x);
            ((Reals256(ref p, x + 8) - mean1) * scale1).StoreUnsafe(ref t, (nuint)(x + 8));
            ((Reals256(ref p, x + 16) - mean2) * scale2).StoreUnsafe(ref t, (nuint)(x + 16));
        }

        return x;
    }

    internal static int Normalize128(ReadOnlySpan<byte> pixels, in ChannelScale scale, Span<float> target)
    {
        const int Step = 12;
        ref var p = ref MemoryMarshal.GetReference(pixels);
        ref var t = ref MemoryMarshal.GetReference(target);
        var (mean0, mean1, mean2) = (Mean128(scale, 0), Mean128(scale, 4), Mean128(scale, 8));
        var (scale0, scale1, scale2) = (Scale128(scale, 0), Scale128(scale, 4), Scale128(scale, 8));
        var x = 0;
        for (; x <= pixels.Length - Vector128<byte>.Count; x += Step)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref p, (nuint)x));
            var (first, second) = Vector128.Widen(low);
            ((Vector128.ConvertToSingle(first.AsInt32()) - mean0) * scale0).StoreUnsafe(ref t, (nuint)x);
            ((Vector128.ConvertToSingle(second.AsInt32()) - mean1) * scale1).StoreUnsafe(ref t, (nuint)(x + 4));
            ((Vector128.ConvertToSingle(Vector128.WidenLower(high).AsInt32()) - mean2) * scale2)
                .StoreUnsafe(ref t, (nuint)(x + 8));
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Reals256(ref byte pixels, int offset) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(
            Vector64.LoadUnsafe(ref pixels, (nuint)offset).ToVector128Unsafe()));

    private static Vector256<float> Mean256(in ChannelScale scale, int from) =>
        Vector256.Create(Mean128(scale, from), Mean128(scale, from + 4));

    private static Vector256<float> Scale256(in ChannelScale scale, int from) =>
        Vector256.Create(Scale128(scale, from), Scale128(scale, from + 4));

    private static Vector128<float> Mean128(in ChannelScale scale, int from) =>
        Vector128.Create(scale.MeanAt(from), scale.MeanAt(from + 1), scale.MeanAt(from + 2), scale.MeanAt(from + 3));

    private static Vector128<float> Scale128(in ChannelScale scale, int from) =>
        Vector128.Create(scale.ScaleAt(from), scale.ScaleAt(from + 1), scale.ScaleAt(from + 2), scale.ScaleAt(from + 3));
}
