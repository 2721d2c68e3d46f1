using Microsoft.Extensions.Options;

using Npgsql;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Takes an upload from the first byte to the registered row; after a failure neither file nor row stays.</summary>
internal sealed partial class ModelRegistration(
    IModelFiles files,
    FilesInHand inHand,
    IGrainFactory grains,
    IOptions<ModelUploadOptions> options,
    ILogger<ModelRegistration> logger)
{
    public async Task<AiModel> RegisterAsync(HttpRequest request, Guid uploader, CancellationToken cancellationToken)
    {
        var upload = new ModelUpload(files, options.Value.MaxUploadBytes);
        string? path = null;
        var keep = false;
        try
        {
            var asked = await upload.ReadAsync(request, cancellationToken);
            inHand.Take(path = upload.File!.Path);
            if (await FindRegistered(asked, upload.File) is { } registered)
            {
                keep = true;
                return registered;
            }

            var row = await Inspect(asked, upload.File, cancellationToken);

            // A registration that does not answer may still succeed: then its file must be there.
            keep = true;
            return await grains.GetGrain<IModelGrain>(row.Id).Register(row with { CreatedBy = uploader });
        }
        catch (FleetRefusedException)
        {
            keep = false;
            throw;
        }
        finally
        {
            var last = path is null || inHand.PutBack(path);
            if (upload.File is { } file && last && !keep)
            {
                await Discard(file.Path);
            }
        }
    }

    /// <summary>What an earlier try of the same request registered, or null.</summary>
    private async Task<AiModel?> FindRegistered(RegisterModel asked, StoredFile file)
    {
        if (asked.Id is not { } id || await grains.GetGrain<IModelGrain>(id).Get() is not { } registered)
        {
            return null;
        }

        return registered.ModelFilePath == file.Path && registered.Name == asked.Name && registered.Version == asked.Version
            ? registered
            : throw new FleetRefusedException(
                RefusalKind.Conflict, "id", $"Model {id} is another version already. Leave the id out or take another.");
    }

    private async Task<AiModel> Inspect(RegisterModel asked, StoredFile file, CancellationToken cancellationToken)
    {
        var inspection = await grains.OnWorker<IModelInspectionGrain>(0).Inspect(
            new()
            {
                FilePath = file.Path,
                Configuration = asked.Configuration ?? new(),
                Classes = ModelFields.Classes(asked.Labels),
            },
            cancellationToken);
        return inspection.Fault is { } fault
            ? throw new FleetRefusedException(RefusalKind.Invalid, fault.Field, fault.Message)
            : ModelRow.From(asked.Id ?? Guid.CreateVersion7(), asked, file, inspection);
    }

    private async Task Discard(string path)
    {
        try
        {
            await files.DeleteIfUnusedAsync(path, CancellationToken.None);
        }
        catch (NpgsqlException exception)
        {
            // The failure that brought us here is what the caller must hear of.
            LogNotDiscarded(path, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Model file {Path} could not be removed after a failed upload")]
    private partial void LogNotDiscarded(string path, Exception exception);
}
