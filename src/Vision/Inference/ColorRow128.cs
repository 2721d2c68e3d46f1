using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Inference;

/// <summary><see cref="ColorRow"/> by 16 pixels, on any machine with 128-bit vectors.</summary>
internal static class ColorRow128
{
    internal static int Convert(
        ReadOnlySpan<byte> y, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<byte> red, Span<byte> green, Span<byte> blue, int from)
    {
        ref var yy = ref MemoryMarshal.GetReference(y);
        ref var uu = ref MemoryMarshal.GetReference(u);
        ref var vv = ref MemoryMarshal.GetReference(v);
        ref var r = ref MemoryMarshal.GetReference(red);
        ref var g = ref MemoryMarshal.GetReference(green);
        ref var b = ref MemoryMarshal.GetReference(blue);
        var x = from;
        for (; x <= y.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var (low, high) = LumaOf(Vector128.LoadUnsafe(ref yy, (nuint)x));
            var du = Centered(ref uu, x / 2);
            var dv = Centered(ref vv, x / 2);
            var ofGreen = Scale(du, ColorRow.GreenOfU) + Scale(dv, ColorRow.GreenOfV);
            Pixels(low, high, Scale(dv, ColorRow.RedOfV)).StoreUnsafe(ref r, (nuint)x);
            Pixels(low, high, ofGreen).StoreUnsafe(ref g, (nuint)x);
            Pixels(low, high, Scale(du, ColorRow.BlueOfU)).StoreUnsafe(ref b, (nuint)x);
        }

        return x;
    }

    internal static int Gray(ReadOnlySpan<byte> y, Span<byte> gray)
    {
        ref var yy = ref MemoryMarshal.GetReference(y);
        ref var target = ref MemoryMarshal.GetReference(gray);
        var x = 0;
        for (; x <= y.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var (low, high) = LumaOf(Vector128.LoadUnsafe(ref yy, (nuint)x));
            Pixels(low, high, Vector128<short>.Zero).StoreUnsafe(ref target, (nuint)x);
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<short> Low, Vector128<short> High) LumaOf(Vector128<byte> y)
    {
        var (low, high) = Vector128.Widen(Vector128.SubtractSaturate(y, Vector128.Create((byte)16)));
        var half = Vector128.Create((short)ColorRow.Half);
        return (
            Scale(Vector128.ShiftLeft(low.AsInt16(), 7), ColorRow.Luma) + half,
            Scale(Vector128.ShiftLeft(high.AsInt16(), 7), ColorRow.Luma) + half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Centered(ref byte plane, int offset)
    {
        var chroma = Vector64.LoadUnsafe(ref plane, (nuint)offset).ToVector128Unsafe();
        return Vector128.ShiftLeft(Vector128.WidenLower(chroma).AsInt16(), 8) ^ Vector128.Create(short.MinValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Scale(Vector128<short> value, short factor) =>
        FixedPoint.Scale(value, Vector128.Create(factor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pixels(Vector128<short> low, Vector128<short> high, Vector128<short> chroma)
    {
        var first = Vector128.Shuffle(chroma, Vector128.Create((short)0, 0, 1, 1, 2, 2, 3, 3));
        var second = Vector128.Shuffle(chroma, Vector128.Create((short)4, 4, 5, 5, 6, 6, 7, 7));
        return Vector128.NarrowWithSaturation(Positive(low, first), Positive(high, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Positive(Vector128<short> luma, Vector128<short> chroma) =>
        Vector128.Max(
            Vector128.ShiftRightArithmetic(Vector128.AddSaturate(luma, chroma), ColorRow.FractionBits), Vector128<short>.Zero).AsUInt16();
}
