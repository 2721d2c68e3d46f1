using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Reads JSON that a caller wrote so that nobody after it stumbles: every name once, every text Unicode. Pure.</summary>
internal static class GivenJson
{
    private static readonly JsonDocumentOptions NamesOnce = new() { AllowDuplicateProperties = false };

    /// <exception cref="JsonException">It is no JSON, a name stands twice in an object, or a text has half a surrogate pair.</exception>
    public static JsonNode? Parse(string text)
    {
        using var document = JsonDocument.Parse(text, NamesOnce);
        try
        {
            Decode(document.RootElement);
        }
        catch (InvalidOperationException broken)
        {
            // Escapes like \ud800 are found when a text is decoded; nodes do that when it is too late to refuse.
            throw new JsonException("A text is no Unicode.", broken);
        }

        return JsonNode.Parse(text, documentOptions: NamesOnce);
    }

    private static void Decode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Decode(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    Decode(property.Value);
                }

                break;
        }
    }
}
