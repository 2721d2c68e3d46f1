using Microsoft.Extensions.Options;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Takes a package from its first byte to the registered row; after a failure neither file nor row stays.</summary>
internal sealed class PackageImport(
    PackageKeys keys, ModelRegistration registration, IModelReader rows, IAuditTrail trail, IOptions<ModelUploadOptions> limits)
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

        // Heard before gigabytes are sent; registration asks again.
        await rows.DemandCategoryAsync(model.Category, cancellationToken);
        await DemandFreeAsync(model, cancellationToken);
        return await registration.RegisterAsync(
            async uploaded => Received(manifest, await StoreAsync(package, manifest, uploaded, cancellationToken), model) with
            {
                SourceUrl = sourceUrl,
                BeforeRegistering = row => trail.AppendAsync(PackageRecords.Imported(row, manifest), cancellationToken),
            },
            importer,
            cancellationToken);
    }

    private static async Task<Dictionary<string, StoredFile>> StoreAsync(
        PackageReader package, PackageManifest manifest, UploadedFiles uploaded, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<string, StoredFile>();
        foreach (var file in manifest.Contents())
        {
            await using var content = await package.OpenAsync(file, cancellationToken);
            stored[file.Sha256] = await uploaded.SaveAsync(content, cancellationToken);
        }

        await package.EndAsync(cancellationToken);
        return stored;
    }

    private static ReceivedModel Received(PackageManifest manifest, Dictionary<string, StoredFile> stored, RegisterModel model)
    {
        return new(model, stored[manifest.Files.Single(file => file.Role is PackageFileRole.Model).Sha256])
        {
            WeightsFilePath = PathOf(PackageFileRole.Weights),
            ConfigFilePath = PathOf(PackageFileRole.Config),
            LabelsFilePath = PathOf(PackageFileRole.Labels),
            Attached = [.. manifest.Files.Where(file => KindOf(file.Role) is not null).Select(Attached)],
        };

        string? PathOf(PackageFileRole role) => manifest.Files.FirstOrDefault(file => file.Role == role) is { } file ? stored[file.Sha256].Path : null;

        AttachedFile Attached(PackageFile file) => new()
        {
            Kind = KindOf(file.Role).GetValueOrDefault(),
            Name = file.Name,
            Path = stored[file.Sha256].Path,
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

    private static AttachedFileKind? KindOf(PackageFileRole role) => role switch
    {
        PackageFileRole.Documentation => AttachedFileKind.Documentation,
        PackageFileRole.Evidence => AttachedFileKind.Evidence,
        _ => null,
    };
}
