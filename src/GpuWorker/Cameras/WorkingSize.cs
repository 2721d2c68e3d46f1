namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Size frames are decoded to. Pure.</summary>
internal static class WorkingSize
{
    /// <summary>
    /// The source's shape with its longer side brought down to <paramref name="longerSide"/> (0 keeps the source's size;
    /// a smaller source is never blown up: that adds bytes and no picture), both sides even, at least 2.
    /// </summary>
    public static (int Width, int Height) For(int width, int height, int longerSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var longest = Math.Max(width, height);
        var scale = longerSide > 0 && longerSide < longest ? (double)longerSide / longest : 1;
        return (Even(width * scale), Even(height * scale));
    }

    private static int Even(double side) => Math.Max(2, (int)Math.Round(side / 2, MidpointRounding.AwayFromZero) * 2);
}
