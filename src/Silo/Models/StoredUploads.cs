using System.Text.Json;
using System.Text.Json.Nodes;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Registers a model whose file is here already: an upload that is whole, or a file at an address that is allowed.</summary>
internal sealed class StoredUploads(ModelRegistration registration, PendingUploads uploads, ModelSources sources)
{
    private const string UploadId = "upload_id";
    private const string SourceUrl = "source_url";
    private const string Sha256 = "sha256";

    /// <exception cref="FleetRefusedException">It cannot be registered; the upload stays.</exception>
    public async Task<AiModel> RegisterAsync(JsonElement body, CurrentAccess access, CancellationToken cancellationToken)
    {
        var fields = Parse(body);
        var (upload, url, sha256) = (Take(fields, UploadId), Take(fields, SourceUrl), Take(fields, Sha256));
        if (upload is null == url is null)
        {
            throw Refuse(UploadId, "Name the file by upload_id or by source_url.");
        }

        var asked = ModelFields.Read(fields);
        return url is not null
            ? await registration.RegisterAsync(
                async stored => new(asked, Check(await sources.FetchAsync(url, stored, cancellationToken), sha256)) { SourceUrl = url },
                access.UserId,
                cancellationToken)
            : await RegisterUploadAsync(upload!, asked, sha256, access.UserId, cancellationToken);
    }

    private async Task<AiModel> RegisterUploadAsync(
        string text, RegisterModel asked, string? sha256, Guid user, CancellationToken cancellationToken)
    {
        var upload = Guid.TryParse(text, out var id) && await uploads.FindAsync(id, cancellationToken) is { } found && found.UserId == user
            ? found
            : throw new FleetRefusedException(RefusalKind.NotFound, UploadId, $"There is no upload {text} of yours, or it has expired.");
        if (!upload.IsWhole)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict, UploadId, $"Of the upload's {upload.Length} bytes {upload.Received} are here: send the others first.");
        }

        var model = await registration.RegisterAsync(
            async stored => new(asked, Check(await SaveAsync(upload, stored, cancellationToken), sha256)), user, cancellationToken);
        await uploads.DeleteAsync(upload.Id, CancellationToken.None);
        return model;
    }

    private async Task<StoredFile> SaveAsync(PendingUpload upload, UploadedFiles stored, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await uploads.OpenReadAsync(upload, cancellationToken);
            var file = await stored.SaveAsync(content, cancellationToken);
            return file.Size == upload.Length
                ? file
                : throw Refuse(UploadId, "Pieces of the upload were lost after they were stored: upload the file again.");
        }
        catch (InvalidDataException damaged)
        {
            throw Refuse(UploadId, damaged.Message);
        }
    }

    private static JsonObject Parse(JsonElement body)
    {
        try
        {
            return body.ValueKind == JsonValueKind.Object ? GivenJson.Parse(body.GetRawText())!.AsObject() : throw new JsonException();
        }
        catch (JsonException)
        {
            throw Refuse(
                null, "The body must be an object with upload_id or source_url, and what there is to say of the model, every name once, every text Unicode.");
        }
    }

    private static StoredFile Check(StoredFile file, string? sha256) =>
        sha256 is null || file.Sha256.Equals(sha256, StringComparison.OrdinalIgnoreCase)
            ? file
            : throw Refuse(Sha256, $"The file that came has the SHA-256 {file.Sha256}, not {sha256}.");

    private static string? Take(JsonObject fields, string name)
    {
        if (!fields.Remove(name, out var node) || node is null)
        {
            return null;
        }

        return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Refuse(name, $"'{name}' must be a text.");
    }

    private static FleetRefusedException Refuse(string? field, string message) => new(RefusalKind.Invalid, field, message);
}
