using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models.Validation;

/// <summary>
/// How the worker and the inspecting process talk. In: the length of the request (four bytes, little-endian), the request as
/// JSON, the pictures, the model. Out: the inspection as JSON.
/// </summary>
internal static class ValidationProtocol
{
    /// <summary>Most bytes of the request: a hundred thousand class names.</summary>
    private const int MostRequestBytes = 8 << 20;

    /// <summary>Most bytes of an answer: eight pictures of 300 KB in base64 are 3.2 MB.</summary>
    public const int MostAnswerBytes = 6 << 20;

    /// <summary>Writes a request and what belongs to it.</summary>
    /// <exception cref="IOException">The process does not read any more.</exception>
    public static async Task WriteAsync(
        Stream stream, ValidationRequest request, IReadOnlyList<byte[]> pictures, Stream model, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(request, ValidationJson.Default.ValidationRequest);
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
        await stream.WriteAsync(length, cancellationToken);
        await stream.WriteAsync(json, cancellationToken);
        foreach (var picture in pictures)
        {
            await stream.WriteAsync(picture, cancellationToken);
        }

        await model.CopyToAsync(stream, cancellationToken);
    }

    /// <summary>Reads a request and what belongs to it, for a process that does nothing else.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    public static (ValidationRequest Request, byte[][] Pictures, byte[] Model) Read(Stream stream)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(ReadExactly(stream, sizeof(int)));
        if (length is < 2 or > MostRequestBytes)
        {
            throw new InvalidDataException($"A request of {length} bytes cannot be.");
        }

        var request = JsonSerializer.Deserialize(ReadExactly(stream, length), ValidationJson.Default.ValidationRequest)
            ?? throw new InvalidDataException("The request is empty.");
        byte[][] pictures = [.. request.Pictures.Select(picture => ReadExactly(stream, picture.Bytes))];
        return (request, pictures, ReadExactly(stream, checked((int)request.ModelBytes)));
    }

    /// <summary>The answer as the inspecting process writes it.</summary>
    public static byte[] Write(ModelInspection inspection) =>
        JsonSerializer.SerializeToUtf8Bytes(inspection, ValidationJson.Default.ModelInspection);

    /// <summary>The answer, or null where it is none.</summary>
    public static ModelInspection? ReadAnswer(ReadOnlySpan<byte> json)
    {
        try
        {
            var inspection = JsonSerializer.Deserialize(json, ValidationJson.Default.ModelInspection);
            return inspection is not null && IsWhole(inspection) ? inspection : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Who wrote it may have been taken over by the model: what is left out is null here, and the serializer lets it through.
    private static bool IsWhole(ModelInspection inspection)
    {
        object?[] parts =
        [
            inspection.Configuration, inspection.Opsets, inspection.Producer, inspection.Provider, inspection.Documentation,
            .. inspection.Fault is { } fault ? [fault.Field, fault.Message] : Array.Empty<object?>(),
        ];
        IEnumerable<object?>?[] lists =
        [
            parts, inspection.Classes, inspection.Signature, inspection.Chosen, inspection.Findings, inspection.DeclaredAxes,
            inspection.Metadata?.Values, inspection.Evidence, inspection.Evidence?.SelectMany(Parts),
        ];
        return lists.All(list => list is not null && list.All(one => one is not null));
    }

    private static IEnumerable<object?> Parts(PictureEvidence? evidence) => evidence?.Objects is { } objects
        ? [evidence.Name, evidence.AnnotatedJpeg, .. objects, .. objects.Select(one => one?.ClassName)]
        : [null];

    private static byte[] ReadExactly(Stream stream, int length)
    {
        var content = new byte[length];
        stream.ReadExactly(content);
        return content;
    }
}

/// <summary>Written at build time: a process that lives for a second has no time to look at types.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ValidationRequest))]
[JsonSerializable(typeof(ModelInspection))]
internal sealed partial class ValidationJson : JsonSerializerContext;
