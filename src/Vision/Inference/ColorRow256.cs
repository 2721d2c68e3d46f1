using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansAiFleet.Vision.Inference;

/// <summary><see cref="ColorRow"/> by 32 pixels.</summary>
internal static class ColorRow256
{
    // Unpacking and packing both work within halves of 128 bits, luma and doubled chroma alike, so the order of the
    // pixels comes out right without a permutation.
    internal static int Convert(
        ReadOnlySpan<byte> y, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        ref var yy = ref MemoryMarshal.GetReference(y);
        ref var uu = ref MemoryMarshal.GetReference(u);
        ref var vv = ref MemoryMarshal.GetReference(v);
        ref var r = ref MemoryMarshal.GetReference(red);
        ref var g = ref MemoryMarshal.GetReference(green);
        ref var b = ref MemoryMarshal.GetReference(blue);
        var x = 0;
        for (; x <= y.Length - Vector256<byte>.Count; x += Vector256<byte>.Count)
        {
            var luma = Avx2.SubtractSaturate(Vector256.LoadUnsafe(ref yy, (nuint)x), Vector256.Create((byte)16));
            var low = LumaOf(Avx2.UnpackLow(luma, Vector256<byte>.Zero));
            var high = LumaOf(Avx2.UnpackHigh(luma, Vector256<byte>.Zero));
            var du = Centered(Vector128.LoadUnsafe(ref uu, (nuint)(x / 2)));
            var dv = Centered(Vector128.LoadUnsafe(ref vv, (nuint)(x / 2)));
            var ofGreen = Scale(du, ColorRow.GreenOfU) + Scale(dv, ColorRow.GreenOfV);
            Pixels(low, high, Scale(dv, ColorRow.RedOfV)).StoreUnsafe(ref r, (nuint)x);
            Pixels(low, high, ofGreen).StoreUnsafe(ref g, (nuint)x);
            Pixels(low, high, Scale(du, ColorRow.BlueOfU)).StoreUnsafe(ref b, (nuint)x);
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> LumaOf(Vector256<byte> widened) =>
        Scale(Vector256.ShiftLeft(widened.AsInt16(), 7), ColorRow.Luma) + Vector256.Create((short)ColorRow.Half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Centered(Vector128<byte> chroma) =>
        Vector256.ShiftLeft(Avx2.ConvertToVector256Int16(chroma), 8) ^ Vector256.Create(short.MinValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Scale(Vector256<short> value, short factor) =>
        Avx2.MultiplyHighRoundScale(value, Vector256.Create(factor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Pixels(Vector256<short> low, Vector256<short> high, Vector256<short> chroma) =>
        Avx2.PackUnsignedSaturate(
            Vector256.ShiftRightArithmetic(Avx2.AddSaturate(low, Avx2.UnpackLow(chroma, chroma)), ColorRow.FractionBits),
            Vector256.ShiftRightArithmetic(Avx2.AddSaturate(high, Avx2.UnpackHigh(chroma, chroma)), ColorRow.FractionBits));
}
