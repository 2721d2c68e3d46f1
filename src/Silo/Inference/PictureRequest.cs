using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>The pictures of a call.</summary>
/// <param name="Pictures">As files.</param>
/// <param name="IsSingle">The body was the picture: what is wrong with it is wrong with the call.</param>
internal sealed record PictureRequest(IReadOnlyList<byte[]> Pictures, bool IsSingle)
{
    /// <summary>Kinds of body that can be read.</summary>
    public static readonly string[] ContentTypes =
        ["image/jpeg", "image/png", "image/webp", "application/octet-stream", "multipart/form-data", "application/json"];

    /// <summary>Reads a body: a picture, a form of pictures, or JSON with pictures in base64. Nothing is read beyond the limits.</summary>
    /// <exception cref="InferenceRefusedException">It is none of them, or above a limit.</exception>
    public static async Task<PictureRequest> ReadAsync(HttpRequest request, InferenceApiOptions limits, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limits.MaxRequestBytes)
        {
            throw TooLarge(limits);
        }

        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed : null;
        try
        {
            return type?.MediaType.Value?.ToLowerInvariant() switch
            {
                "image/jpeg" or "image/png" or "image/webp" or "application/octet-stream" =>
                    new([await ReadPictureAsync(request.Body, limits, "file", cancellationToken)], IsSingle: true),
                "multipart/form-data" => new(await ReadFormAsync(request, type!, limits, cancellationToken), IsSingle: false),
                "application/json" => new(
                    PictureJson.Read(await ReadWholeAsync(request.Body, limits, cancellationToken), limits), IsSingle: false),
                _ => throw new InferenceRefusedException(new(
                    415, "content_type", "Send a picture as image/jpeg, image/png or image/webp, several as multipart/form-data or as JSON.")),
            };
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode is StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge(limits);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InferenceRefusedException(new(400, "unreadable", "The form breaks off or is none: send the parts that its boundary says."));
        }
    }

    /// <summary>There are more pictures than may be.</summary>
    public static InferenceRefusedException TooMany(InferenceApiOptions limits) => new(new(
        400, "too_many_pictures", $"A request takes at most {limits.MaxPictures} pictures: send the rest in another.", "images"));

    /// <summary>A picture's file is larger than may be.</summary>
    public static InferenceRefusedException TooLargePicture(InferenceApiOptions limits, string field) => new(new(
        413, "too_many_bytes", $"A picture may have {limits.MaxPictureBytes} bytes at most: compress it or make it smaller.", field));

    private static InferenceRefusedException TooLarge(InferenceApiOptions limits) => new(new(
        413, "too_many_bytes", $"A request may have {limits.MaxRequestBytes} bytes at most: send fewer pictures at a time."));

    private static async Task<byte[]> ReadWholeAsync(Stream body, InferenceApiOptions limits, CancellationToken cancellationToken) =>
        await ReadAsync(body, limits.MaxRequestBytes, cancellationToken) ?? throw TooLarge(limits);

    private static async Task<byte[]> ReadPictureAsync(
        Stream body, InferenceApiOptions limits, string field, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(body, limits.MaxPictureBytes, cancellationToken) ?? throw TooLargePicture(limits, field);
        return content.Length > 0
            ? content
            : throw new InferenceRefusedException(new(400, "no_picture", "There is no picture in the request.", field));
    }

    // Null where there is more than that.
    private static async Task<byte[]?> ReadAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > most)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    private static async Task<IReadOnlyList<byte[]>> ReadFormAsync(
        HttpRequest request, MediaTypeHeaderValue type, InferenceApiOptions limits, CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70)
        {
            throw new InferenceRefusedException(new(400, "unreadable", "The content type names no boundary of the form's parts."));
        }

        var reader = new MultipartReader(boundary, request.Body);
        List<byte[]> pictures = [];
        var bytes = 0L;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            if (pictures.Count == limits.MaxPictures)
            {
                throw TooMany(limits);
            }

            var picture = await ReadPictureAsync(part.Body, limits, $"images[{pictures.Count}]", cancellationToken);
            bytes += picture.Length;
            if (bytes > limits.MaxRequestBytes)
            {
                throw TooLarge(limits);
            }

            pictures.Add(picture);
        }

        return pictures.Count > 0
            ? pictures
            : throw new InferenceRefusedException(new(400, "no_picture", "There is no picture in the form: send each as a part of its own.", "images"));
    }
}
