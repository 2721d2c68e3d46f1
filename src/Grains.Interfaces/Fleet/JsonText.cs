using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansAiFleet.Fleet;

/// <summary>The text of one JSON value, as a <c>jsonb</c> column keeps it. In a REST body it stands as the value itself.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.JsonText")]
[JsonConverter(typeof(JsonTextConverter))]
public readonly record struct JsonText([property: Id(0)] string Value)
{
    /// <summary>Checks the text and takes it over.</summary>
    /// <exception cref="JsonException">The text is not one JSON value.</exception>
    public static JsonText Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return new(text);
    }

    /// <summary>Writes a value with the fleet's JSON names (snake case).</summary>
    public static JsonText From<T>(T value) => new(JsonSerializer.Serialize(value, FleetJson.Options));

    /// <summary>Reads the value back with the fleet's JSON names.</summary>
    /// <exception cref="JsonException">The text has another shape.</exception>
    public T? To<T>() => JsonSerializer.Deserialize<T>(Value, FleetJson.Options);

    public override string ToString() => Value;
}

internal sealed class JsonTextConverter : JsonConverter<JsonText>
{
    public override JsonText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new(document.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, JsonText value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Value);
}
