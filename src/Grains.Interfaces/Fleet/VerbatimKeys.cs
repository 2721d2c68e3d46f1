using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansAiFleet.Fleet;

/// <summary>A JSON object whose names are data (names of classes, say) and stay as they are, in whatever spelling.</summary>
public sealed class VerbatimKeys<T> : JsonConverter<Dictionary<string, T>>
{
    public override Dictionary<string, T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        var values = new Dictionary<string, T>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            values[name] = JsonSerializer.Deserialize<T>(ref reader, options) ?? throw new JsonException();
        }

        return values;
    }

    public override void Write(Utf8JsonWriter writer, Dictionary<string, T> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        foreach (var (name, item) in value)
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, item, options);
        }

        writer.WriteEndObject();
    }
}
