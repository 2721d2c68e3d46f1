using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansAiFleet.Vision.Inference;

/// <summary>Three planes of bytes to pixels of three bytes.</summary>
internal static class ChannelRow
{
    /// <summary>Interleaves one row; <paramref name="target"/> is three times as long.</summary>
    public static void Interleave(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> target)
    {
        second = second[..first.Length];
        third = third[..first.Length];
        target = target[..(first.Length * 3)];
        InterleaveScalar(
            first, second, third, target, Vector128.IsHardwareAccelerated ? Interleave128(first, second, third, target) : 0);
    }

    internal static void InterleaveScalar(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> target, int from)
    {
        for (var x = from; x < first.Length; x++)
        {
            target[x * 3] = first[x];
            target[(x * 3) + 1] = second[x];
            target[(x * 3) + 2] = third[x];
        }
    }

    internal static int Interleave128(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, Span<byte> target)
    {
        ref var a = ref MemoryMarshal.GetReference(first);
        ref var b = ref MemoryMarshal.GetReference(second);
        ref var c = ref MemoryMarshal.GetReference(third);
        ref var t = ref MemoryMarshal.GetReference(target);
        var x = 0;
        for (; x <= first.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            var va = Vector128.LoadUnsafe(ref a, (nuint)x);
            var vb = Vector128.LoadUnsafe(ref b, (nuint)x);
            var vc = Vector128.LoadUnsafe(ref c, (nuint)x);

            // 255 picks nothing and leaves a zero for the other two planes.
            var head = Vector128.Shuffle(va, Vector128.Create((byte)0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255, 5))
                | Vector128.Shuffle(vb, Vector128.Create((byte)255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255))
                | Vector128.Shuffle(vc, Vector128.Create((byte)255, 255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255));
            var middle =
                Vector128.Shuffle(va, Vector128.Create((byte)255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10, 255))
                | Vector128.Shuffle(vb, Vector128.Create((byte)5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10))
                | Vector128.Shuffle(vc, Vector128.Create((byte)255, 5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255));
            var tail =
                Vector128.Shuffle(va, Vector128.Create((byte)255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255, 255))
                | Vector128.Shuffle(vb, Vector128.Create((byte)255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255))
                | Vector128.Shuffle(vc, Vector128.Create((byte)10, 255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15));
            head.StoreUnsafe(ref t, (nuint)(x * 3));
            middle.StoreUnsafe(ref t, (nuint)((x * 3) + 16));
            tail.StoreUnsafe(ref t, (nuint)((x * 3) + 32));
        }

        return x;
    }
}
