namespace OrleansAiFleet.Vision.Tests.Cameras;

/// <summary>Luma planes of a yard: a sky, a floor with texture, and what a test puts in.</summary>
internal sealed class Scene(int width = 320, int height = 180)
{
    private readonly Random _noise = new(7);

    public int Width => width;

    public int Height => height;

    /// <summary>The empty yard.</summary>
    /// <param name="gain">Of the light.</param>
    /// <param name="noise">Largest deviation by chance, levels.</param>
    public byte[] Empty(double gain = 1, int noise = 0)
    {
        var luma = new byte[width * height];
        for (var i = 0; i < luma.Length; i++)
        {
            var (x, y) = (i % width, i / width);
            var level = y < height / 3 ? 180 : 60 + (x / 20 % 2 * 40);
            luma[i] = (byte)Math.Clamp((level * gain) + _noise.Next(-noise, noise + 1), 0, 255);
        }

        return luma;
    }

    /// <summary>A square of one level in the yard.</summary>
    public byte[] WithSquare(int x, int y, int side, byte level = 235, int noise = 0)
    {
        var luma = Empty(noise: noise);
        for (var row = y; row < Math.Min(y + side, height); row++)
        {
            luma.AsSpan((row * width) + x, Math.Min(side, width - x)).Fill(level);
        }

        return luma;
    }
}
