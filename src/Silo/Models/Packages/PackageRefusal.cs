using System.Text;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Why a package is not taken.</summary>
internal static class PackageRefusal
{
    private const int MostShown = 80;

    /// <summary>Something in the package is not as it must be.</summary>
    /// <param name="field">The part at fault: <c>manifest.json</c>, <c>manifest.sig</c>, a column, or null.</param>
    /// <param name="message">What is wrong, as one sentence.</param>
    public static FleetRefusedException Invalid(string? field, string message) => new(RefusalKind.Invalid, field, message);

    /// <summary>A text out of the package, short enough and harmless enough to be shown.</summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MostShown))
        {
            shown.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
        }

        return text.Length > MostShown ? $"{shown}…" : shown.ToString();
    }
}
