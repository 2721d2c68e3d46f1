using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Where a page ended in a list that is sorted by any column. Opaque to callers: base64url of a JSON array.</summary>
internal static class SortedCursor
{
    /// <summary>The cursor after a row.</summary>
    /// <param name="sort">The list's order; a cursor of another one is refused.</param>
    /// <param name="value">The column's value as PostgreSQL spells it; null where the row has none.</param>
    /// <param name="id">The row.</param>
    public static string Of(string sort, string? value, Guid id) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { sort, value, id.ToString("N") }));

    /// <summary>Reads a caller's cursor.</summary>
    /// <exception cref="FleetRefusedException">It is none of ours, or of a list in another order.</exception>
    public static (string? Value, Guid Id) Parse(string cursor, string sort)
    {
        try
        {
            return JsonSerializer.Deserialize<string?[]>(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))) is [var order, var value, { } text]
                && order == sort && value?.Contains('\0') is not true && Guid.TryParseExact(text, "N", out var id)
                ? (value, id)
                : throw Bad();
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw Bad();
        }
    }

    public static FleetRefusedException Bad() => new(
        RefusalKind.Invalid, "cursor", "cursor is none that a list in this order gave: take next_cursor of the page before, as it is.");
}
