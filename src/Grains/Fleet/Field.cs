using System.Globalization;
using System.Text.Json;

namespace OrleansAiFleet.Fleet;

/// <summary>Checks that one value fits its column. Each answers null where it does.</summary>
internal static class Field
{
    /// <summary>The row's id is the grain's key.</summary>
    public static Refusal? Key(Guid key, Guid id) =>
        id == key && key != Guid.Empty ? null : Refusal.Invalid("id", $"The row's id must be {key:D} and not empty.");

    /// <summary>A text that must say something, at most so many characters long.</summary>
    public static Refusal? Required(string field, string? value, int maximum) =>
        string.IsNullOrWhiteSpace(value) ? Refusal.Invalid(field, $"{field} must not be empty.") : Text(field, value, maximum);

    /// <summary>A text that may be absent, at most so many characters long.</summary>
    public static Refusal? Text(string field, string? value, int maximum = int.MaxValue)
    {
        if (value is null)
        {
            return null;
        }

        // PostgreSQL cannot store a zero character in a text.
        return value.Contains('\0') ? Refusal.Invalid(field, $"{field} must not contain a zero character.")
            : value.Length > maximum
                ? Refusal.Invalid(field, $"{field} has {value.Length} characters; at most {maximum} are possible.")
            : null;
    }

    /// <summary>A whole number between two bounds, both allowed; null passes.</summary>
    public static Refusal? Whole(string field, long? value, long minimum, long maximum = int.MaxValue) =>
        value is null || (value >= minimum && value <= maximum)
            ? null
            : Refusal.Invalid(field, $"{field} is {value}; it must be from {minimum} to {maximum}.");

    /// <summary>A number between two bounds, both allowed; null passes.</summary>
    public static Refusal? Number(string field, decimal? value, decimal minimum, decimal maximum) =>
        value is null || (value >= minimum && value <= maximum)
            ? null
            : Refusal.Invalid(field, string.Create(
                CultureInfo.InvariantCulture, $"{field} is {value}; it must be from {minimum} to {maximum}."));

    /// <summary>A number between two bounds, both allowed; not-a-number is refused.</summary>
    public static Refusal? Real(string field, double value, double minimum, double maximum) =>
        value >= minimum && value <= maximum
            ? null
            : Refusal.Invalid(field, string.Create(
                CultureInfo.InvariantCulture, $"{field} is {value}; it must be from {minimum} to {maximum}."));

    /// <summary>A value of an enumeration that has a name.</summary>
    public static Refusal? Named<T>(string field, T value)
        where T : struct, Enum =>
        Enum.IsDefined(value)
            ? null
            : Refusal.Invalid(field, $"{field} must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>The text of one JSON value; null passes.</summary>
    public static Refusal? Json(string field, JsonText? value)
    {
        if (value is not { } json)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json.Value ?? "");
            return null;
        }
        catch (JsonException)
        {
            return Refusal.Invalid(field, $"{field} is not one JSON value.");
        }
    }
}
