using Microsoft.Net.Http.Headers;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Makes packages of registered versions.</summary>
internal sealed class PackageExport(ModelFileStore store, PackageKeys keys, TimeProvider time) : IDisposable
{
    /// <summary>
    /// Packages that a control silo sends at a time: each holds a database connection for as long as its receiver takes.
    /// </summary>
    private const int MostAtATime = 4;

    private readonly SemaphoreSlim _free = new(MostAtATime);

    /// <summary>Says what a version's package has in it.</summary>
    /// <param name="model">The version.</param>
    /// <param name="exporter">Sign-in name of who asks for it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FleetRefusedException">A file of it is not in the store, or the store is away.</exception>
    public async Task<PackageManifest> DescribeAsync(AiModel model, string exporter, CancellationToken cancellationToken)
    {
        var files = new List<PackageFile>();
        foreach (var (role, name, contentType, path) in FilesOf(model))
        {
            var header = await FindAsync(path, cancellationToken);
            files.Add(new() { Role = role, Name = name, ContentType = contentType, Size = header.Size, Sha256 = header.Sha256 });
        }

        return new()
        {
            Format = PackageManifest.FormatName,
            FormatVersion = PackageManifest.CurrentVersion,
            ExportedAt = time.GetUtcNow(),
            ExportedBy = exporter,
            KeyId = keys.KeyId,
            ExportedFrom = new(model.Id, model.ConfigurationRevision),
            Model = PackageColumns.Of(model),
            Files = [.. files],
        };
    }

    /// <summary>The package as an answer, streamed.</summary>
    public IResult Send(PackageManifest manifest, AiModel model)
    {
        var bytes = PackageJson.Write(manifest);
        if (bytes.Length > PackageManifest.MostBytes)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict,
                null,
                $"What is said of this version takes {bytes.Length} bytes as JSON; a package has {PackageManifest.MostBytes} for it.");
        }

        return new Answer(new(store, manifest, bytes, PackageJson.Write(keys.Sign(bytes))), FileNameOf(model), _free);
    }

    public void Dispose() => _free.Dispose();

    private static IEnumerable<(PackageFileRole Role, string Name, string ContentType, string Path)> FilesOf(AiModel model)
    {
        (PackageFileRole Role, string Name, string? Path)[] columns =
        [
            (PackageFileRole.Model, "model.onnx", model.ModelFilePath),
            (PackageFileRole.Weights, "weights", model.WeightsFilePath),
            (PackageFileRole.Config, "config", model.ConfigFilePath),
            (PackageFileRole.Labels, "labels", model.LabelsFilePath),
        ];
        foreach (var (role, name, path) in columns)
        {
            if (path is not null)
            {
                yield return (role, name, "application/octet-stream", path);
            }
        }

        foreach (var file in model.AttachedFiles)
        {
            var role = file.Kind is AttachedFileKind.Evidence ? PackageFileRole.Evidence : PackageFileRole.Documentation;
            yield return (role, file.Name, file.ContentType, file.Path);
        }
    }

    private async Task<ModelFileHeader> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await store.OpenEncryptedAsync(path, cancellationToken);
            return file.Header;
        }
        catch (FileNotFoundException)
        {
            throw new FleetRefusedException(
                RefusalKind.Conflict, null, $"File {path} of this version is not in the store: it cannot be exported.");
        }
    }

    // What stands in a header and on somebody's disk must be harmless on either.
    private static string FileNameOf(AiModel model)
    {
        var name = new string([.. $"{model.Name}-{model.Version}".Take(100).Select(letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')]);
        return $"{name.Trim('.', '-')}.fleet-model.tar".TrimStart('.');
    }

    private sealed class Answer(PackageContent package, string fileName, SemaphoreSlim free) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            if (!await free.WaitAsync(TimeSpan.Zero, httpContext.RequestAborted))
            {
                throw new FleetRefusedException(
                    RefusalKind.Unavailable, null, $"{MostAtATime} packages are being exported already. Repeat the request a little later.");
            }

            try
            {
                var response = httpContext.Response;
                response.ContentType = "application/x-tar";
                response.ContentLength = package.Length;
                response.Headers.CacheControl = "no-store";
                response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = fileName }.ToString();
                await package.WriteAsync(response.Body, httpContext.RequestAborted);
            }
            finally
            {
                free.Release();
            }
        }
    }
}
