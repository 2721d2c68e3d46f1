using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>Multiplying by a factor given in 1/32768, rounded to nearest: one instruction per vector on x64 and Arm64.</summary>
internal static class FixedPoint
{
    /// <summary>The definition: <c>(value * factor + 16384) >> 15</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Scale(int value, int factor) => ((value * factor) + 0x4000) >> 15;

    /// <summary>The same for eight values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Scale(Vector128<short> value, Vector128<short> factor)
    {
        if (Ssse3.IsSupported)
        {
            return Ssse3.MultiplyHighRoundScale(value, factor);
        }

        return AdvSimd.IsSupported
            ? AdvSimd.MultiplyRoundedDoublingSaturateHigh(value, factor)
            : ScaleWidened(value, factor);
    }

    internal static Vector128<short> ScaleWidened(Vector128<short> value, Vector128<short> factor)
    {
        var (low, high) = Vector128.Widen(value);
        var (lowFactor, highFactor) = Vector128.Widen(factor);
        var half = Vector128.Create(0x4000);
        return Vector128.Narrow(
            Vector128.ShiftRightArithmetic((low * lowFactor) + half, 15),
            Vector128.ShiftRightArithmetic((high * highFactor) + half, 15));
    }
}
