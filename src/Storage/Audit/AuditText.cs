using System.Text;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>Makes foreign text storable: a hostile name must not keep its own record out of the trail.</summary>
internal static class AuditText
{
    private const int Longest = 2000;

    /// <summary>At most 2000 letters, without the zero character and half surrogate pairs.</summary>
    public static string? Clean(string? text)
    {
        if (text is null || IsClean(text))
        {
            return text;
        }

        var clean = new StringBuilder();
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, Longest)).EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }

    private static bool IsClean(string text)
    {
        if (text.Length > Longest)
        {
            return false;
        }

        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            if (rest[0] == '\0' || Rune.DecodeFromUtf16(rest, out _, out var taken) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[taken..];
        }

        return true;
    }
}
