using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>
/// What stands before the Notes of an event, as zmeventnotification and zmNinja write and read it: <c>[a] detected:person:97% car:81% </c>.
/// Pure. A class has its best confidence there, whoever found it, so that the same given twice, or in another order, ends the same.
/// </summary>
internal static partial class ZoneMinderNotes
{
    /// <summary>Most bytes that the column takes (a TEXT of MySQL).</summary>
    public const int MostBytes = 65_535;

    private const int MostClasses = 64;
    private const int LongestClass = 64;

    /// <summary>The Notes with these detections in them, or null where they have them all.</summary>
    /// <param name="notes">What stands there now.</param>
    /// <param name="detections">What was found in the event's time.</param>
    public static string? Merge(string notes, IEnumerable<Detection> detections)
    {
        ArgumentNullException.ThrowIfNull(notes);
        ArgumentNullException.ThrowIfNull(detections);
        var before = Beginning().Match(notes);
        var known = before.Groups["found"].Captures.Select(found => found.Value)
            .Select(found => (Name: found[..found.LastIndexOf(':')], Percent: PercentOf(found)));
        var given = detections.Select(detection => (Name: NameOf(detection.ClassName), Percent: PercentOf(detection.Confidence)));
        var best = Best([.. known, .. given]);
        if (best.SequenceEqual(Best([.. known])))
        {
            return null;
        }

        // Who wrote there first says what the letter is: a for the alarm's frame, s for the snapshot.
        var letter = before.Success ? before.Groups["letter"].Value : "a";
        var found = string.Join(' ', best.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Name}:{each.Percent}%")));
        return $"[{letter}] detected:{found} {notes[before.Length..]}";
    }

    private static (string Name, int Percent)[] Best((string Name, int Percent)[] found) =>
    [
        .. found.GroupBy(each => each.Name, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Percent: group.Max(each => each.Percent)))
            .OrderByDescending(each => each.Percent).ThenBy(each => each.Name, StringComparer.Ordinal)
            .Take(MostClasses),
    ];

    private static int PercentOf(string found) => int.Parse(found.AsSpan(found.LastIndexOf(':') + 1).TrimEnd('%'), CultureInfo.InvariantCulture);

    private static int PercentOf(float confidence) =>
        float.IsFinite(confidence) ? Math.Clamp((int)Math.Round(confidence * 100.0, MidpointRounding.AwayFromZero), 0, 100) : 0;

    // Spaces part one class from the next, and older databases have no room for what is outside the basic plane.
    private static string NameOf(string className)
    {
        var name = new StringBuilder();
        foreach (var rune in className.EnumerateRunes().Take(LongestClass))
        {
            var stands = rune.IsBmp && rune != Rune.ReplacementChar && rune.Value != '%' && !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune);
            name.Append(stands ? rune.ToString() : "_");
        }

        return name.Length == 0 ? "_" : name.ToString();
    }

    [GeneratedRegex(
        @"^\[(?<letter>[a-z])\] detected:(?:(?<found>[^\s%]+:\d{1,3}%)(?: |$))+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Beginning();
}
