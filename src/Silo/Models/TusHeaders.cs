using System.Globalization;
using System.Text;

using Microsoft.Net.Http.Headers;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Headers of the tus protocol 1.0.0 and of ranges.</summary>
internal static class TusHeaders
{
    private const string UploadLength = "Upload-Length";
    private const string UploadOffset = "Upload-Offset";
    private const string UploadMetadata = "Upload-Metadata";
    private const int MostMetadata = 8192;

    /// <exception cref="FleetRefusedException">There is none, or it is no positive number.</exception>
    public static long ReadLength(HttpRequest request) => ReadNumber(request, UploadLength) is > 0 and var length
        ? length
        : throw Refuse(UploadLength, "An upload has at least one byte.");

    /// <exception cref="FleetRefusedException">There is none, or it is no number.</exception>
    public static long ReadOffset(HttpRequest request) => ReadNumber(request, UploadOffset);

    /// <summary>Offset and whole length of <c>Content-Range: bytes 0-1048575/7340032</c>.</summary>
    /// <exception cref="FleetRefusedException">There is none, or the body has another length.</exception>
    public static (long Offset, long? Length) ReadRange(HttpRequest request)
    {
        if (!ContentRangeHeaderValue.TryParse(request.Headers.ContentRange.ToString(), out var range)
            || range.Unit != "bytes" || range.From is not { } from || range.To is not { } to)
        {
            throw Refuse("Content-Range", "A PUT says by Content-Range where its bytes go: bytes 0-1048575/7340032.");
        }

        return request.ContentLength is { } length && length != to - from + 1
            ? throw Refuse("Content-Range", $"The range has {to - from + 1} bytes, the body {length}.")
            : (from, range.Length);
    }

    /// <summary>Pairs of a name and a text in base64, as an object.</summary>
    /// <exception cref="FleetRefusedException">It is malformed or too long.</exception>
    public static JsonText ReadMetadata(HttpRequest request)
    {
        var header = request.Headers[UploadMetadata].ToString();
        if (header.Length > MostMetadata)
        {
            throw Refuse(UploadMetadata, $"{UploadMetadata} has at most {MostMetadata} characters.");
        }

        var metadata = new Dictionary<string, string>();
        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split(' ', 2);
            var value = new byte[MostMetadata];
            if (parts[0].Length == 0 || !Convert.TryFromBase64String(parts.Length > 1 ? parts[1] : "", value, out var bytes)
                || Text(value.AsSpan(0, bytes)) is not { } text || !metadata.TryAdd(parts[0], text))
            {
                throw Refuse(UploadMetadata, $"{UploadMetadata} is pairs with commas between, each a name once, a space, and a text in base64.");
            }
        }

        return JsonText.From(metadata);
    }

    public static void Write(HttpResponse response, PendingUpload upload)
    {
        response.Headers[UploadLength] = upload.Length.ToString(CultureInfo.InvariantCulture);
        response.Headers[UploadOffset] = upload.Received.ToString(CultureInfo.InvariantCulture);
        response.Headers["Upload-Expires"] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
    }

    private static long ReadNumber(HttpRequest request, string header) =>
        long.TryParse(request.Headers[header].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refuse(header, $"{header} must be a number of bytes.");

    // What is no UTF-8, or what no text of the database can have, is none.
    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.Contains('\0') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static FleetRefusedException Refuse(string header, string message) => new(RefusalKind.Invalid, header, message);
}

/// <summary>The version of the protocol.</summary>
internal static class TusVersion
{
    private const string Version = "1.0.0";
    private const string Header = "Tus-Resumable";

    /// <summary>A client that speaks another version is told which there is; one that speaks none is taken at its word.</summary>
    public static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Response.Headers[Header] = Version;
        if (context.Request.Headers.TryGetValue(Header, out var asked) && asked != Version)
        {
            context.Response.Headers["Tus-Version"] = Version;
            return TypedResults.Problem($"This server speaks tus {Version}.", statusCode: StatusCodes.Status412PreconditionFailed);
        }

        return await next(invocation);
    }

    /// <summary>What the server can do: the answer to OPTIONS.</summary>
    public static IResult Describe(HttpResponse response, long mostBytes)
    {
        response.Headers["Tus-Version"] = Version;
        response.Headers["Tus-Extension"] = "creation,termination,expiration";
        response.Headers["Tus-Max-Size"] = mostBytes.ToString(CultureInfo.InvariantCulture);
        return TypedResults.NoContent();
    }
}
