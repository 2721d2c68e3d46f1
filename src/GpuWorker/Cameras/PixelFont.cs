using SkiaSharp;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>A small font of five by seven dots: servers and containers have no fonts installed to write with.</summary>
internal static class PixelFont
{
    private const int Columns = 5;
    private const int Rows = 7;
    private const int Advance = Columns + 1;

    /// <summary>Height of a line in dots, with a margin of one above and below.</summary>
    public const int LineHeight = Rows + 2;

    // Seven rows of five dots each, two hexadecimal digits a row, the leftmost dot the highest of five bits.
    private static readonly Dictionary<char, byte[]> Glyphs = Read(
        "A0E11111F111111 B1E11111E11111E C0E11101010110E D1E11111111111E E1F10101E10101F F1F10101E101010 G0E11101711110F "
        + "H1111111F111111 I0E04040404040E J0702020202120C K11121418141211 L1010101010101F M111B1515111111 N11191513111111 "
        + "O0E11111111110E P1E11111E101010 Q0E11111115120D R1E11111E141211 S0F10100E01011E T1F040404040404 U1111111111110E "
        + "V111111110A0A04 W1111111515150A X11110A040A1111 Y1111110A040404 Z1F01020408101F "
        + "00E11131519110E 1040C040404040E 20E11010204081F 31F02040201110E 402060A121F0202 51F101E0101110E 606081E1111110E "
        + "71F010204080808 80E11110E11110E 90E11110F01020C .00000000000C0C %18190204081303 #0A0A1F0A1F0A0A -0000001F000000 "
        + "_0000000000001F :000C0C000C0C00 /01010204081010 (02040808080402 )08040202020408 +0004041F040400 ?0E110102040004 "
        + "'04040800000000 &0C12140815120D");

    /// <summary>Width of a text in dots, with a margin of one on either side.</summary>
    public static int WidthOf(string text) => (text.Length * Advance) + 1;

    /// <summary>Writes dark text on a bar of the given color; letters become capitals, unknown characters question marks.</summary>
    public static void Draw(SKCanvas canvas, string text, float left, float top, int scale, SKColor color)
    {
        using var bar = new SKPaint { Color = color };
        using var ink = new SKPaint { Color = SKColors.Black };
        canvas.DrawRect(left, top, WidthOf(text) * scale, LineHeight * scale, bar);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != ' ')
            {
                var glyph = Glyphs.TryGetValue(char.ToUpperInvariant(text[i]), out var known) ? known : Glyphs['?'];
                Draw(canvas, glyph, left + (((i * Advance) + 1) * scale), top + scale, scale, ink);
            }
        }
    }

    private static void Draw(SKCanvas canvas, byte[] glyph, float left, float top, int scale, SKPaint ink)
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                if ((glyph[row] >> (Columns - 1 - column) & 1) != 0)
                {
                    canvas.DrawRect(left + (column * scale), top + (row * scale), scale, scale, ink);
                }
            }
        }
    }

    private static Dictionary<char, byte[]> Read(string glyphs) =>
        glyphs.Split(' ').ToDictionary(glyph => glyph[0], glyph => Convert.FromHexString(glyph.AsSpan(1)));
}
