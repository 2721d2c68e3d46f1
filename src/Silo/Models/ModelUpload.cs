using System.Text;

using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Reads a multipart upload part by part: the model file goes straight to the store, text stays in memory.</summary>
internal sealed class ModelUpload(UploadedFiles files, long maxFileBytes)
{
    /// <summary>Text fields and label files together; the longest label lists have some ten thousand names.</summary>
    public const int MaxTextBytes = 1 << 20;

    /// <summary>RFC 2046, section 5.1.1.</summary>
    private const int MaxBoundaryLength = 70;

    private readonly Dictionary<string, string> _fields = [];
    private int _textBytes;

    /// <summary>Largest documentation file in bytes.</summary>
    public const int MaxDocumentBytes = 32 << 20;

    private const string Documentation = "documentation";
    private const int MostDocuments = 10;

    private readonly List<AttachedFile> _attached = [];

    /// <summary>The stored file.</summary>
    public StoredFile? File { get; private set; }

    /// <summary>Documentation that came with it.</summary>
    public IReadOnlyList<AttachedFile> Attached => _attached;

    /// <summary>Reads the whole request.</summary>
    /// <exception cref="FleetRefusedException">It is no upload, or a part of it cannot be taken.</exception>
    /// <exception cref="BadHttpRequestException">It is too large.</exception>
    public async Task<RegisterModel> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(BoundaryOf(request), request.Body);
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                await Take(section, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Refuse(null, "The multipart body ends too early or is malformed. Send it again.");
        }

        return File is null
            ? throw Refuse("file", "There is no model file. Send it as part 'file' of a multipart/form-data request.")
            : ModelFields.Read(_fields);
    }

    private static string BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MaxBoundaryLength } boundary)
        {
            throw Refuse(null, "A model is uploaded as multipart/form-data with a part 'file'.");
        }

        return boundary.ToString();
    }

    private async Task Take(MultipartSection section, CancellationToken cancellationToken)
    {
        var name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            ? HeaderUtilities.RemoveQuotes(disposition.Name).Value
            : null;
        if (string.IsNullOrEmpty(name))
        {
            throw Refuse(null, "A part of the upload has no name.");
        }

        if (name == "file")
        {
            await Store(section.Body, cancellationToken);
        }
        else if (name == Documentation)
        {
            await Attach(section, disposition!, cancellationToken);
        }
        else if (!_fields.TryAdd(name, await ReadText(name, section.Body, cancellationToken)))
        {
            throw Refuse(name, $"'{name}' stands twice in the upload.");
        }
    }

    private async Task Store(Stream content, CancellationToken cancellationToken)
    {
        if (File is not null)
        {
            throw Refuse("file", "There are two model files. A model version has one.");
        }

        File = await files.SaveAsync(new LimitedStream(content, maxFileBytes), cancellationToken);
        if (File.Size == 0)
        {
            throw Refuse("file", "The model file is empty.");
        }
    }

    private async Task Attach(MultipartSection section, ContentDispositionHeaderValue disposition, CancellationToken cancellationToken)
    {
        if (_attached.Count == MostDocuments)
        {
            throw Refuse(Documentation, $"An upload brings at most {MostDocuments} documents.");
        }

        // The request's own total is bounded by the model file's limit; a document has one of its own.
        var given = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;
        var file = await files.SaveAsync(new LimitedStream(section.Body, MaxDocumentBytes), cancellationToken);
        _attached.Add(new()
        {
            Kind = AttachedFileKind.Documentation,
            Name = FileNames.Clean(given, $"documentation-{_attached.Count + 1}"),
            Path = file.Path,
            Size = file.Size,
            ContentType = FileNames.ContentType(section.ContentType),
        });
    }

    private async Task<string> ReadText(string name, Stream content, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            _textBytes += read;
            if (_textBytes > MaxTextBytes)
            {
                throw Refuse(name, $"The text fields are longer than {MaxTextBytes} bytes together.");
            }

            text.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).TrimStart('\uFEFF');
    }

    private static FleetRefusedException Refuse(string? field, string message) => new(RefusalKind.Invalid, field, message);
}
