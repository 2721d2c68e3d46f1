using System.Text.Json;
using System.Text.Json.Serialization;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>JSON of packages: written for people, read strictly.</summary>
internal static class PackageJson
{
    /// <summary>Deepest nesting, far beyond what a manifest needs.</summary>
    private const int MostDepth = 32;

    private static readonly JsonSerializerOptions Options = new(FleetJson.Options)
    {
        WriteIndented = true,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = MostDepth,
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Reads a part of a package that may be anything.</summary>
    /// <param name="part">Its name, for the refusal.</param>
    /// <param name="bytes">The part.</param>
    /// <exception cref="FleetRefusedException">It is not JSON of this shape.</exception>
    public static T Read<T>(string part, byte[] bytes)
    {
        try
        {
            CheckTexts(part, bytes);

            // A JsonObject would find a name that stands twice only where it is looked into, and throw something else.
            using var whole = JsonDocument.Parse(bytes, new() { MaxDepth = MostDepth, AllowDuplicateProperties = false });
            return JsonSerializer.Deserialize<T>(bytes, Options) ?? throw PackageRefusal.Invalid(part, $"{part} is null.");
        }
        catch (JsonException exception)
        {
            var path = exception.Path?.TrimStart('$').TrimStart('.');
            throw PackageRefusal.Invalid(part, string.IsNullOrEmpty(path)
                ? $"{part} cannot be read as the JSON object that it must be (line {exception.LineNumber + 1})."
                : $"{part} has something at '{PackageRefusal.Shown(path)}' that cannot be read.");
        }
    }

    // A string that is no Unicode is JSON all the same, and found only where it is read; PostgreSQL stores no zero character.
    private static void CheckTexts(string part, ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new() { MaxDepth = MostDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                    && reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                {
                    throw PackageRefusal.Invalid(part, $"{part} has a text with a zero character.");
                }
            }
        }
        catch (InvalidOperationException)
        {
            throw PackageRefusal.Invalid(part, $"{part} has a text that is no Unicode.");
        }
    }
}
