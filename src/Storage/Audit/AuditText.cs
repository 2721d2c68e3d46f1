using System.Text;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>Makes foreign text storable: a hostile name must not keep its own record out of the trail.</summary>
internal static class AuditText
{
    /// <summary>Longest text that no search looks for, in letters.</summary>
    public const int LongestRemark = 2000;

    // An index takes 2704 bytes of a row, and a letter can have three.

    /// <summary>Longest name of a caller that the trail takes.</summary>
    public const int LongestName = 300;

    /// <summary>Longest action, and longest kind of what it was done to.</summary>
    public const int LongestKind = 100;

    /// <summary>Longest id of what it was done to.</summary>
    public const int LongestId = 500;

    /// <summary>At most so many letters, without the zero character and half surrogate pairs.</summary>
    public static string? Clean(string? text, int longest = LongestRemark)
    {
        if (text is null || IsClean(text, longest))
        {
            return text;
        }

        var clean = new StringBuilder();
        foreach (var rune in text.AsSpan(0, Math.Min(text.Length, longest)).EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }

    private static bool IsClean(string text, int longest)
    {
        if (text.Length > longest)
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
