using System.Text.Json;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>
/// Pictures in JSON: <c>{"images":[{"base64":"…"}]}</c>. Read token by token: a body of millions of empty objects makes no
/// millions of objects. Pure.
/// </summary>
internal static class PictureJson
{
    private const string Shape = "Send {\"images\":[{\"base64\":\"…\"}]}.";

    /// <exception cref="InferenceRefusedException">It has another shape, or is above a limit.</exception>
    public static IReadOnlyList<byte[]> Read(ReadOnlySpan<byte> json, InferenceApiOptions limits)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        List<byte[]> pictures = [];
        try
        {
            Expect(ref reader, JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("images"u8))
                {
                    ReadPictures(ref reader, pictures, limits);
                }
                else
                {
                    reader.Skip();
                }
            }

            while (reader.Read())
            {
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Unreadable($"The body is not the JSON that is expected. {Shape}", null);
        }

        return pictures.Count > 0 ? pictures : throw Unreadable($"There is no picture in images. {Shape}", "images");
    }

    private static void ReadPictures(ref Utf8JsonReader reader, List<byte[]> pictures, InferenceApiOptions limits)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (pictures.Count == limits.MaxPictures)
            {
                throw PictureRequest.TooMany(limits);
            }

            var field = $"images[{pictures.Count}].base64";
            pictures.Add(ReadPicture(ref reader, field, limits) ?? throw Unreadable($"{field} is missing. {Shape}", field));
        }
    }

    private static byte[]? ReadPicture(ref Utf8JsonReader reader, string field, InferenceApiOptions limits)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Unreadable($"{field} is missing. {Shape}", field);
        }

        byte[]? picture = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("base64"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out picture) || picture.Length == 0)
            {
                throw Unreadable($"{field} is no picture in base64.", field);
            }

            if (picture.Length > limits.MaxPictureBytes)
            {
                throw PictureRequest.TooLargePicture(limits, field);
            }
        }

        return picture;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw Unreadable($"The body is not the JSON that is expected. {Shape}", null);
        }
    }

    private static InferenceRefusedException Unreadable(string detail, string? field) => new(new(400, "unreadable", detail, field));
}
