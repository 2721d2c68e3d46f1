using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Vision.Inference;

/// <summary>
/// One row of YUV 4:2:0 to full-range RGB, ITU-R BT.601 limited range, two pixels sharing one chroma sample:
/// R = 1.164 (Y - 16) + 1.596 (V - 128), G = 1.164 (Y - 16) - 0.813 (V - 128) - 0.392 (U - 128),
/// B = 1.164 (Y - 16) + 2.017 (U - 128), clipped to 0 to 255. In 16-bit fixed point with six bits behind the point:
/// within one level of the exact value rounded. All paths give the same bits.
/// </summary>
internal static class ColorRow
{
    internal const int FractionBits = 6;
    internal const int Half = 1 << (FractionBits - 1);

    // Luma enters shifted left by 7 (240 << 7 is the most a signed lane holds), chroma by 8.
    internal const short Luma = 19077;
    internal const short RedOfV = 13075;
    internal const short GreenOfU = -3209;
    internal const short GreenOfV = -6660;
    internal const short BlueOfU = 16525;

    /// <summary>Converts a row of even length.</summary>
    public static void Convert(
        ReadOnlySpan<byte> y, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        u = u[..(y.Length / 2)];
        v = v[..(y.Length / 2)];
        red = red[..y.Length];
        green = green[..y.Length];
        blue = blue[..y.Length];
        var done = Avx2.IsSupported ? ColorRow256.Convert(y, u, v, red, green, blue) : 0;
        done = Vector128.IsHardwareAccelerated ? ColorRow128.Convert(y, u, v, red, green, blue, done) : done;
        ConvertScalar(y, u, v, red, green, blue, done);
    }

    /// <summary>Luma alone, stretched from 16 to 235 over 0 to 255: the grey of the converted colours.</summary>
    public static void Gray(ReadOnlySpan<byte> y, Span<byte> gray)
    {
        gray = gray[..y.Length];
        GrayScalar(y, gray, Vector128.IsHardwareAccelerated ? ColorRow128.Gray(y, gray) : 0);
    }

    internal static void ConvertScalar(
        ReadOnlySpan<byte> y, ReadOnlySpan<byte> u, ReadOnlySpan<byte> v, Span<byte> red, Span<byte> green, Span<byte> blue, int from)
    {
        for (var x = from; x < y.Length; x++)
        {
            var luma = LumaOf(y[x]);
            var du = (u[x / 2] - 128) << 8;
            var dv = (v[x / 2] - 128) << 8;
            red[x] = Pixel(luma + FixedPoint.Scale(dv, RedOfV));
            green[x] = Pixel(luma + FixedPoint.Scale(du, GreenOfU) + FixedPoint.Scale(dv, GreenOfV));
            blue[x] = Pixel(luma + FixedPoint.Scale(du, BlueOfU));
        }
    }

    internal static void GrayScalar(ReadOnlySpan<byte> y, Span<byte> gray, int from)
    {
        for (var x = from; x < y.Length; x++)
        {
            gray[x] = Pixel(LumaOf(y[x]));
        }
    }

    private static int LumaOf(byte y) => FixedPoint.Scale(Math.Max(y - 16, 0) << 7, Luma) + Half;

    private static byte Pixel(int value) => (byte)Math.Clamp(value >> FractionBits, 0, 255);
}
