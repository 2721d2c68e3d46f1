using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>A picture as a request's body.</summary>
internal static class PictureBody
{
    /// <summary>The whole body, where it begins as a JPEG or PNG does.</summary>
    /// <exception cref="FleetRefusedException">It is neither.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than the limit.</exception>
    public static async Task<MemoryStream> ReadAsync(HttpRequest request, long most, CancellationToken cancellationToken)
    {
        var picture = new MemoryStream();
        await new LimitedStream(request.Body, most).CopyToAsync(picture, cancellationToken);
        picture.Position = 0;
        return IsPicture(picture.GetBuffer().AsSpan(0, (int)picture.Length))
            ? picture
            : throw new FleetRefusedException(RefusalKind.Invalid, "file", "The body must be a JPEG or PNG picture.");
    }

    private static bool IsPicture(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) || bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
}
