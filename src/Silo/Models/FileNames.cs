using System.Globalization;
using System.Text;

using Microsoft.Net.Http.Headers;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Names and types of files as strangers give them, made fit to be shown and downloaded by. Pure.</summary>
internal static class FileNames
{
    private const int Longest = 120;

    /// <summary>The last part of a name without what no file's name should have: paths, control and formatting characters.</summary>
    /// <param name="given">As it came, or null.</param>
    /// <param name="otherwise">Where nothing is left of it.</param>
    public static string Clean(string? given, string otherwise)
    {
        var last = (given ?? "").Split('/', '\\')[^1];
        var clean = new StringBuilder();
        foreach (var rune in last.EnumerateRunes())
        {
            var isOdd = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
            if (!isOdd && rune != Rune.ReplacementChar && !"\"<>|:*?".Contains(rune.ToString(), StringComparison.Ordinal) && clean.Length < Longest)
            {
                clean.Append(rune);
            }
        }

        var name = clean.ToString().Trim(' ', '.');
        return name.Length == 0 ? otherwise : name;
    }

    /// <summary>A media type without its parameters; <c>application/octet-stream</c> where it is none.</summary>
    public static string ContentType(string? given) =>
        MediaTypeHeaderValue.TryParse(given, out var type) && type.MediaType is { Length: > 0 and <= 100 } media
            ? media.ToString()
            : "application/octet-stream";
}
