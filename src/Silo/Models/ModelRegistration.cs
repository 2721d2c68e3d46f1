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
    ModelValidation validation,
    IModelReader rows,
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

            var row = await Inspect(asked, upload.File, cancellationToken) with { CreatedBy = uploader };

            // A registration that does not answer may still succeed: then its file must be there.
            keep = true;
            return await grains.GetGrain<IModelGrain>(row.Id).Register(row);
        }
        catch (Exception exception) when (Problem.Of(exception).IsRefusal)
        {
            // Whoever says no has registered nothing, however far it had come.
            keep = false;
            throw;
        }
        finally
        {
            var last = path is null || inHand.PutBack(path);
            if (upload.File is { } file && last && !keep)
            {
                await DiscardAsync(file.Path);
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

        return registered.ModelFilePath == file.Path && registered.Name == asked.Name && registered.Version == (asked.Version ?? registered.Version)
            ? registered
            : throw new FleetRefusedException(
                RefusalKind.Conflict, "id", $"Model {id} is another version already. Leave the id out or take another.");
    }

    private async Task<AiModel> Inspect(RegisterModel asked, StoredFile file, CancellationToken cancellationToken)
    {
        var category = await rows.DemandCategoryAsync(asked.Category, cancellationToken);
        var versioned = asked with { Version = asked.Version ?? ModelVersions.Next(await rows.ReadVersionsAsync(asked.Name, cancellationToken)) };
        var inspection = await validation.InspectAsync(
            new() { FilePath = file.Path, Configuration = asked.Configuration ?? new(), Classes = ModelFields.Classes(asked.Labels) },
            cancellationToken);
        return ModelRow.From(asked.Id ?? Guid.CreateVersion7(), versioned, category, file, inspection);
    }

    /// <summary>Removes the files of a version that is gone, where no other has them.</summary>
    public async Task DiscardFilesAsync(AiModel removed)
    {
        string?[] paths =
        [
            removed.ModelFilePath, removed.ConfigFilePath, removed.WeightsFilePath, removed.LabelsFilePath,
            .. removed.AttachedFiles.Select(file => file.Path),
        ];
        foreach (var path in paths.OfType<string>().Distinct())
        {
            await DiscardAsync(path);
        }
    }

    /// <summary>Removes a file that nothing refers to.</summary>
    public async Task DiscardAsync(string path)
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
