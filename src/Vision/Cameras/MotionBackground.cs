using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansAiFleet.Vision.Cameras;

/// <summary>The running average of a camera's small pictures.</summary>
internal sealed class MotionBackground(int length)
{
    private readonly float[] _average = new float[length];

    /// <summary>Moves the average towards a picture; a <paramref name="rate"/> of 1 takes it as it is.</summary>
    public void Learn(ReadOnlySpan<byte> pixels, float rate)
    {
        ref var average = ref MemoryMarshal.GetArrayDataReference(_average);
        ref var values = ref MemoryMarshal.GetReference(pixels[.._average.Length]);
        var i = 0;
        for (; i <= _average.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var old = Vector256.LoadUnsafe(ref average, (nuint)i);
            (old + ((Reals(ref values, i) - old) * rate)).StoreUnsafe(ref average, (nuint)i);
        }

        for (; i < _average.Length; i++)
        {
            _average[i] += (pixels[i] - _average[i]) * rate;
        }
    }

    /// <summary>
    /// Marks the pixels that differ by more than the threshold once the contrast is stretched. Nothing is clipped to the
    /// range: what is darker or brighter than most of the picture is no less a change.
    /// </summary>
    public void Difference(ReadOnlySpan<byte> pixels, ContrastWindow contrast, int threshold, Span<byte> mask)
    {
        ref var average = ref MemoryMarshal.GetArrayDataReference(_average);
        ref var values = ref MemoryMarshal.GetReference(pixels[.._average.Length]);
        mask = mask[.._average.Length];
        mask.Clear();
        var limit = threshold / contrast.Gain;
        var i = 0;
        for (; i <= _average.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var difference = Vector256.Abs(Reals(ref values, i) - Vector256.LoadUnsafe(ref average, (nuint)i));
            for (var over = Vector256.GreaterThan(difference, Vector256.Create(limit)).ExtractMostSignificantBits();
                over != 0;
                over &= over - 1)
            {
                mask[i + BitOperations.TrailingZeroCount(over)] = 1;
            }
        }

        for (; i < _average.Length; i++)
        {
            mask[i] = Math.Abs(pixels[i] - _average[i]) > limit ? (byte)1 : (byte)0;
        }
    }

    private static Vector256<float> Reals(ref byte values, int offset)
    {
        var words = Vector128.WidenLower(Vector64.LoadUnsafe(ref values, (nuint)offset).ToVector128Unsafe());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32());
    }
}
