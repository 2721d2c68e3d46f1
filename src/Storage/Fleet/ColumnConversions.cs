using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary><c>TIMESTAMPTZ</c> takes instants of UTC only; the instant stays the same.</summary>
internal sealed class UtcConversion()
    : ValueConverter<DateTimeOffset, DateTimeOffset>(value => value.ToUniversalTime(), value => value);

/// <summary>The text of a <c>JSONB</c> column. PostgreSQL keeps the value, not the spelling.</summary>
internal sealed class JsonTextConversion()
    : ValueConverter<JsonText, string>(value => value.Value, text => new JsonText(text));

/// <summary>Arrays and records that stand in a <c>JSONB</c> column.</summary>
internal static class JsonArrays
{
    /// <summary>Keeps an array in a <c>JSONB</c> column.</summary>
    public static void IsJsonArray<T>(this PropertyBuilder<T[]> property) => property.Metadata.KeepAsJson<T>();

    /// <summary>Keeps an array or nothing in a <c>JSONB</c> column.</summary>
    public static void IsOptionalJsonArray<T>(this PropertyBuilder<T[]?> property) => property.Metadata.KeepAsJson<T>();

    /// <summary>Keeps a record of single values in a <c>JSONB</c> column.</summary>
    public static void IsJson<T>(this PropertyBuilder<T> property)
        where T : class, IEquatable<T> => property.Metadata.KeepAsJsonRecord<T>();

    /// <summary>Keeps a record or nothing in a <c>JSONB</c> column.</summary>
    public static void IsOptionalJson<T>(this PropertyBuilder<T?> property)
        where T : class, IEquatable<T> => property.Metadata.KeepAsJsonRecord<T>();

    private static void KeepAsJsonRecord<T>(this IMutableProperty property)
        where T : class
    {
        property.SetColumnType("jsonb");
        property.SetValueConverter(new ValueConverter<T, string>(
            value => JsonSerializer.Serialize(value, FleetJson.Options), text => JsonSerializer.Deserialize<T>(text, FleetJson.Options)!));
    }

    private static void KeepAsJson<T>(this IMutableProperty property)
    {
        property.SetColumnType("jsonb");
        property.SetValueConverter(new ValueConverter<T[], string>(value => Write(value), text => Read<T>(text)));
        property.SetValueComparer(Comparer<T>());
    }

    private static ValueComparer<T[]> Comparer<T>() => new(
        (left, right) => ReferenceEquals(left, right) || (left != null && right != null && left.SequenceEqual(right)),
        value => value.Length,
        value => value);

    private static string Write<T>(T[] value) => JsonSerializer.Serialize(value, FleetJson.Options);

    private static T[] Read<T>(string text) => JsonSerializer.Deserialize<T[]>(text, FleetJson.Options) ?? [];
}
