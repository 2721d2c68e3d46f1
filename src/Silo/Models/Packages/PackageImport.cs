using Microsoft.Extensions.Options;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Takes a package from its first byte to the registered row; after a failure neither file nor row stays.</summary>
internal sealed class PackageImport(
    IModelFiles files,
    FilesInHand inHand,
    PackageKeys keys,
    ModelValidation validation,
    IModelReader rows,
    IGrainFactory grains,
    IAuditTrail trail,
    IOptions<ModelUploadOptions> limits,
    ILogger<PackageImport> logger)
{
    /// <summary>Reads the whole package and registers what is in it.</summary>
    /// <param name="body">The package, as it arrives.</param>
    /// <param name="asked">What the importer says besides.</param>
    /// <param name="importer">Who it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FleetRefusedException">The package, or what is in it, is not taken: the message says why.</exception>
    /// <exception cref="BadHttpRequestException">It is too large.</exception>
    public async Task<AiModel> ImportAsync(Stream body, ImportPackage asked, Guid importer, CancellationToken cancellationToken)
    {
        var package = new PackageReader(body);
        var manifest = await ReadManifestAsync(package, cancellationToken);
        var model = PackageColumns.Read(manifest.Model, asked, out var sourceUrl);
        var category = await rows.DemandCategoryAsync(model.Category, cancellationToken);
        await DemandFreeAsync(model, cancellationToken);

        await using var received = new ReceivedFiles(files, inHand, logger);
        foreach (var file in manifest.Contents())
        {
            await using var content = await package.OpenAsync(file, cancellationToken);
            await received.SaveAsync(file, content, cancellationToken);
        }

        await package.EndAsync(cancellationToken);
        var stored = received[manifest.Files.Single(file => file.Role is PackageFileRole.Model)];
        if (model.Id is { } id && await grains.GetGrain<IModelGrain>(id).Get() is { } registered)
        {
            received.Keep();
            return registered.Name == model.Name && registered.Version == model.Version && registered.ModelFilePath == stored.Path
                ? registered
                : throw new FleetRefusedException(
                    RefusalKind.Conflict, "id", $"Model {id} is another version already. Leave the id out or take another.");
        }

        var inspection = await validation.InspectAsync(
            category, stored.Path, model.Configuration ?? new(), ModelFields.Classes(model.Labels), cancellationToken);
        var row = ModelRow.From(model.Id ?? Guid.CreateVersion7(), model, category, stored, inspection) with
        {
            SourceUrl = sourceUrl,
            CreatedBy = importer,
            WeightsFilePath = PathOf(PackageFileRole.Weights),
            ConfigFilePath = PathOf(PackageFileRole.Config),
            LabelsFilePath = PathOf(PackageFileRole.Labels),
            AttachedFiles = [.. manifest.Files.Where(file => KindOf(file.Role) is not null).Select(Attached)],
        };
        await trail.AppendAsync(PackageRecords.Imported(row, manifest), cancellationToken);
        return await RegisterAsync(row, inspection, received, cancellationToken);

        string? PathOf(PackageFileRole role) => manifest.Files.FirstOrDefault(file => file.Role == role) is { } file ? received[file].Path : null;

        AttachedFile Attached(PackageFile file) => new()
        {
            Kind = KindOf(file.Role).GetValueOrDefault(),
            Name = file.Name,
            Path = received[file].Path,
            Size = file.Size,
            ContentType = file.ContentType,
        };
    }

    private async Task<PackageManifest> ReadManifestAsync(PackageReader package, CancellationToken cancellationToken)
    {
        var manifest = await package.ReadAsync(PackageManifest.FileName, PackageManifest.MostBytes, cancellationToken);
        var signature = PackageSignature.Read(await package.ReadAsync(PackageSignature.FileName, PackageSignature.MostBytes, cancellationToken));
        try
        {
            keys.Demand(manifest, signature);
        }
        catch (FleetRefusedException refused) when (refused.Kind is RefusalKind.Forbidden)
        {
            await trail.AppendAsync(PackageRecords.Refused(signature.KeyId), cancellationToken);
            throw;
        }

        return PackageManifestReader.Read(manifest, signature, limits.Value.MaxUploadBytes);
    }

    // The database has the last word; this one is heard before gigabytes are sent.
    private async Task DemandFreeAsync(RegisterModel model, CancellationToken cancellationToken)
    {
        var there = (await rows.ReadVersionsAsync(model.Name, cancellationToken)).FirstOrDefault(version => version.Version == model.Version);
        if (there is not null && there.Id != model.Id)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict,
                "version",
                $"There is a version {model.Version} of this model already: {there.Id}. Give the import another by ?version=.");
        }
    }

    private async Task<AiModel> RegisterAsync(
        AiModel row, ModelInspection inspection, ReceivedFiles received, CancellationToken cancellationToken)
    {
        var evidence = new UploadedFiles(files, inHand);
        var keep = false;
        try
        {
            AttachedFile[] attached = [.. row.AttachedFiles, .. Beside(row.AttachedFiles, await evidence.SaveAsync(inspection, cancellationToken))];

            // A registration that does not answer may still succeed: then its files must be there.
            received.Keep();
            keep = true;
            return await grains.GetGrain<IModelGrain>(row.Id).Register(row with { AttachedFiles = attached });
        }
        catch (FleetRefusedException)
        {
            received.Drop();
            keep = false;
            throw;
        }
        finally
        {
            await evidence.EndAsync(keep, logger.LogDocumentLeft);
        }
    }

    // What our workers see stands beside what the publisher's saw.
    private static IEnumerable<AttachedFile> Beside(AttachedFile[] theirs, AttachedFile[] ours) => ours.Select(
        own => theirs.Any(file => (file.Kind, file.Name) == (own.Kind, own.Name)) ? own with { Name = $"here-{own.Name}" } : own);

    private static AttachedFileKind? KindOf(PackageFileRole role) => role switch
    {
        PackageFileRole.Documentation => AttachedFileKind.Documentation,
        PackageFileRole.Evidence => AttachedFileKind.Evidence,
        _ => null,
    };
}
