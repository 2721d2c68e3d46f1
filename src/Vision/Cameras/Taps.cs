namespace OrleansAiFleet.Vision.Cameras;

/// <summary>
/// Where the pixels of a scaled row or column come from: two neighbours and the weight of the second. Pixel centres
/// lie at half positions and the edge repeats, as with OpenCV's INTER_LINEAR; a picture made smaller by more than two
/// is therefore sampled, not averaged.
/// </summary>
internal static class Taps
{
    /// <summary>Bits of the weights along a row; both weights of a pixel add up to 1 shifted left by it.</summary>
    public const int RowWeightBits = 11;

    /// <summary>First neighbour of one target pixel, inside the source, and the weight (0 to below 1) of the next.</summary>
    public static (int Index, double Fraction) At(int position, int source, int target)
    {
        var center = ((position + 0.5) * source / target) - 0.5;
        var index = (int)Math.Floor(center);
        return index < 0 ? (0, 0) : index >= source - 1 ? (source - 1, 0) : (index, center - index);
    }

    /// <summary>The taps of a whole row.</summary>
    /// <param name="source">Pixels of the source row.</param>
    /// <param name="indices">Receives the first neighbours; its length is that of the target row.</param>
    /// <param name="weights">Receives both weights of each pixel: the first in the low half, the second in the high half.</param>
    public static void Fill(int source, Span<int> indices, Span<int> weights)
    {
        for (var x = 0; x < indices.Length; x++)
        {
            var (index, fraction) = At(x, source, indices.Length);
            var second = (int)Math.Round(fraction * (1 << RowWeightBits));
            indices[x] = index;
            weights[x] = ((1 << RowWeightBits) - second) | (second << 16);
        }
    }
}
