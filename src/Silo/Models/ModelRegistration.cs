using System.Text;

using Microsoft.Extensions.Options;

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
    /// <summary>Registers what a multipart request brings.</summary>
    /// <exception cref="FleetRefusedException">It cannot be registered; nothing of it stays.</exception>
    public Task<AiModel> RegisterAsync(HttpRequest request, Guid uploader, CancellationToken cancellationToken) => RegisterAsync(
        async uploaded =>
        {
            var upload = new ModelUpload(uploaded, options.Value.MaxUploadBytes);
            return new(await upload.ReadAsync(request, cancellationToken), upload.File!) { Attached = upload.Attached };
        },
        uploader,
        cancellationToken);

    /// <summary>Registers a file that is in the store, or comes into it by this.</summary>
    /// <param name="receive">Stores the files and says what they are.</param>
    /// <param name="uploader">Who uploads.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FleetRefusedException">It cannot be registered; nothing of it stays.</exception>
    public async Task<AiModel> RegisterAsync(
        Func<UploadedFiles, Task<ReceivedModel>> receive, Guid uploader, CancellationToken cancellationToken)
    {
        var uploaded = new UploadedFiles(files, inHand);
        var keep = false;
        try
        {
            var received = await receive(uploaded);
            if (await FindRegistered(received.Asked, received.File) is { } registered)
            {
                keep = true;
                return registered;
            }

            var row = await MakeRow(received, uploaded, cancellationToken) with { CreatedBy = uploader };
            await received.BeforeRegistering(row);

            // A registration that does not answer may still succeed: then its files must be there.
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
            await uploaded.EndAsync(keep, LogNotDiscarded);
        }
    }

    /// <summary>Tries a registered version again, on its category's picture of now, and keeps what is found.</summary>
    /// <exception cref="FleetRefusedException">It cannot be used any more; nothing is changed.</exception>
    public async Task<StoredModel> ValidateAsync(AiModel model, Guid by, CancellationToken cancellationToken)
    {
        var uploaded = new UploadedFiles(files, inHand);
        var keep = false;
        try
        {
            var inspection = await validation.InspectAsync(
                model, model.Configuration?.To<ModelConfiguration>() ?? new(), cancellationToken);
            var evidence = await uploaded.SaveAsync(inspection, cancellationToken);
            keep = true;
            return await grains.GetGrain<IModelGrain>(model.Id).RecordValidation(ModelEvidence.WithoutPictures(inspection), evidence, by);
        }
        catch (FleetRefusedException)
        {
            keep = false;
            throw;
        }
        finally
        {
            await uploaded.EndAsync(keep, LogNotDiscarded);
        }
    }

    /// <summary>Removes the files of a version that is gone, where no other has them.</summary>
    public async Task DiscardFilesAsync(AiModel removed)
    {
        var discarded = new UploadedFiles(files, inHand);
        string?[] paths =
        [
            removed.ModelFilePath, removed.ConfigFilePath, removed.WeightsFilePath, removed.LabelsFilePath,
            .. removed.AttachedFiles.Select(file => file.Path),
        ];
        foreach (var path in paths.OfType<string>().Distinct())
        {
            discarded.Take(path);
        }

        await discarded.EndAsync(keep: false, LogNotDiscarded);
    }

    /// <summary>Removes a file that nothing refers to.</summary>
    public async Task DiscardAsync(string path)
    {
        var discarded = new UploadedFiles(files, inHand);
        discarded.Take(path);
        await discarded.EndAsync(keep: false, LogNotDiscarded);
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

    private async Task<AiModel> MakeRow(ReceivedModel received, UploadedFiles uploaded, CancellationToken cancellationToken)
    {
        var (asked, file) = received;
        var category = await rows.DemandCategoryAsync(asked.Category, cancellationToken);
        var versioned = asked with { Version = asked.Version ?? ModelVersions.Next(await rows.ReadVersionsAsync(asked.Name, cancellationToken)) };
        var inspection = await validation.InspectAsync(
            category, file.Path, asked.Configuration ?? new(), ModelFields.Classes(asked.Labels), cancellationToken);
        var row = ModelRow.From(asked.Id ?? Guid.CreateVersion7(), versioned, category, file, inspection);
        return row with
        {
            SourceUrl = Uri.TryCreate(received.SourceUrl, UriKind.Absolute, out var source) ? source.GetLeftPart(UriPartial.Path) : null,
            AttachedFiles = [.. received.Attached, .. Beside(received.Attached, await uploaded.SaveAsync(inspection, cancellationToken))],
            WeightsFilePath = received.WeightsFilePath,
            LabelsFilePath = received.LabelsFilePath ?? await SaveTextAsync(asked.Labels, uploaded, cancellationToken),
            ConfigFilePath = received.ConfigFilePath ?? await SaveTextAsync(
                asked.Configuration is { } configuration ? JsonText.From(configuration).Value : null, uploaded, cancellationToken),
        };
    }

    // What workers here see stands beside what a publisher's saw.
    private static IEnumerable<AttachedFile> Beside(IReadOnlyList<AttachedFile> theirs, AttachedFile[] ours) => ours.Select(
        own => theirs.Any(file => (file.Kind, file.Name) == (own.Kind, own.Name)) ? own with { Name = $"here-{own.Name}" } : own);

    private static async Task<string?> SaveTextAsync(string? text, UploadedFiles uploaded, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return (await uploaded.SaveAsync(content, cancellationToken)).Path;
    }

    [LoggerMessage(LogLevel.Warning, "Model file {Path} could not be removed after a failed upload")]
    private partial void LogNotDiscarded(string path, Exception exception);
}
