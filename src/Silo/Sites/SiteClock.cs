using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Sites;

/// <summary>Reads times as people of a site say them: without an offset they are by the site's clock. Pure but for the machine's time zone table.</summary>
internal static class SiteClock
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The instant that a text means; null for null.</summary>
    /// <param name="field">Where it stands, for whoever reads the refusal.</param>
    /// <param name="text">ISO 8601: <c>2026-03-02T07:00</c> by the site's clock, <c>2026-03-02T07:00Z</c> or <c>…+02:00</c> by another.</param>
    /// <param name="timeZone">IANA name of the site's.</param>
    /// <exception cref="FleetRefusedException">It is none, or the site's clock never shows it.</exception>
    public static DateTimeOffset? Parse(string field, string? text, string timeZone)
    {
        if (text is null)
        {
            return null;
        }

        if (!DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var given))
        {
            throw new FleetRefusedException(
                RefusalKind.Invalid, field, $"{field} is a time as 2026-03-02T07:00, by the site's clock, or with an offset: 2026-03-02T07:00+01:00.");
        }

        if (given.Kind != DateTimeKind.Unspecified)
        {
            return new DateTimeOffset(given).ToUniversalTime();
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        if (zone.IsInvalidTime(given))
        {
            throw new FleetRefusedException(
                RefusalKind.Invalid, field, $"{field}: the clocks of {timeZone} go forward over {given:yyyy-MM-dd HH:mm}; take another time.");
        }

        // Where the clock shows it twice, the first time: the larger offset is summer's.
        var offset = zone.IsAmbiguousTime(given) ? zone.GetAmbiguousTimeOffsets(given).Max() : zone.GetUtcOffset(given);
        return new DateTimeOffset(given, offset).ToUniversalTime();
    }

    /// <summary>Columns with the texts of some of them made instants.</summary>
    /// <exception cref="FleetRefusedException">See <see cref="Parse"/>.</exception>
    public static JsonElement Read(JsonElement columns, string timeZone, params string[] times)
    {
        if (columns.ValueKind != JsonValueKind.Object || !Array.Exists(times, name => IsText(columns, name)))
        {
            return columns;
        }

        // A member that stands twice is for whoever takes the columns to refuse: the last of it is no worse than the first.
        var read = JsonObject.Create(columns)!;
        foreach (var name in times.Where(name => IsText(columns, name)))
        {
            read[name] = JsonValue.Create(Parse(name, columns.GetProperty(name).GetString(), timeZone));
        }

        return JsonSerializer.SerializeToElement(read);
    }

    private static bool IsText(JsonElement columns, string name) =>
        columns.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;
}
