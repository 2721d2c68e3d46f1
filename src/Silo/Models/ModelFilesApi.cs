using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>A file of a model version.</summary>
/// <param name="Kind">weights, configuration, labels, documentation or evidence.</param>
/// <param name="Name">Its name; with the kind it is its address.</param>
/// <param name="Sha256">Hexadecimal, of its content; null where it is not in the fleet's store.</param>
/// <param name="Size">In bytes; null where the row does not say.</param>
/// <param name="ContentType">Media type.</param>
public sealed record ModelFile(string Kind, string Name, string? Sha256, long? Size, string ContentType)
{
    /// <summary>Key in the store.</summary>
    internal string Path { get; init; } = "";
}

/// <summary>Files of a model version: <c>/api/admin/ai-models/{id}/files</c>.</summary>
internal static class ModelFilesApi
{
    private const string Octets = "application/octet-stream";
    private const string StoredPath = "sha256/";

    public static IEndpointRouteBuilder MapModelFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/ai-models/{id:guid}").WithTags("Models");
        group.MapGet("/files", List).WithName("ListModelFiles").WithSummary("Files of a version: weights, configuration, labels, documentation, evidence")
            .RequireAccess(AccessAction.ReadModels).ProducesProblem(404);
        group.MapGet("/files/{kind}/{name}", Download).WithName("DownloadModelFile").WithSummary("One file's content")
            .RequireAccess(AccessAction.DownloadModels).ProducesProblem(404).ProducesProblem(503);
        group.MapGet("/evidence/{name}", ShowEvidence).WithName("GetModelEvidence")
            .WithSummary("A picture with what the model found on it, for whoever approves")
            .RequireAccess(AccessAction.ReadModels).ProducesProblem(404);
        group.MapPut("/files/documentation/{name}", Attach).WithName("AttachDocumentation").WithSummary("Adds a document, or puts another in its place")
            .RequireAccess(AccessAction.UploadModels).WithMetadata(new UploadLimit(ModelUpload.MaxDocumentBytes))
            .Accepts<byte[]>(Octets).ProducesProblem(400).ProducesProblem(404).ProducesProblem(413);
        group.MapPost("/validate", Validate).WithName("ValidateModel")
            .WithSummary("Has a worker try the version again, on its category's picture of now, and keeps what is found")
            .RequireAccess(AccessAction.UploadModels).ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        return routes;
    }

    private static async Task<Ok<ModelFile[]>> List(Guid id, IGrainFactory grains) =>
        TypedResults.Ok(FilesOf(await grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id)));

    private static async Task<FileStreamHttpResult> Download(
        Guid id, string kind, string name, HttpResponse response, IGrainFactory grains, IModelFiles files, CancellationToken cancellationToken) =>
        await SendAsync(Find(await grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id), kind, name), response, files, cancellationToken);

    private static async Task<FileStreamHttpResult> ShowEvidence(
        Guid id, string name, HttpResponse response, IGrainFactory grains, IModelFiles files, CancellationToken cancellationToken) =>
        await SendAsync(Find(await grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id), "evidence", name), response, files, cancellationToken);

    private static async Task<Ok<ModelFile[]>> Attach(
        Guid id,
        string name,
        HttpRequest request,
        CurrentAccess access,
        IGrainFactory grains,
        IModelFiles files,
        FilesInHand inHand,
        ILogger<ModelRegistration> logger,
        CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IModelGrain>(id);
        await grain.Get().OrNotFound("model", id);
        var uploaded = new UploadedFiles(files, inHand);
        var keep = false;
        try
        {
            var file = await uploaded.SaveAsync(new LimitedStream(request.Body, ModelUpload.MaxDocumentBytes), cancellationToken);
            keep = true;
            var stored = await grain.Attach(
                new()
                {
                    Kind = AttachedFileKind.Documentation,
                    Name = FileNames.Clean(name, "documentation"),
                    Path = file.Path,
                    Size = file.Size,
                    ContentType = FileNames.ContentType(request.ContentType),
                },
                access.UserId);
            return TypedResults.Ok(FilesOf(stored.Model));
        }
        catch (FleetRefusedException)
        {
            keep = false;
            throw;
        }
        finally
        {
            await uploaded.EndAsync(keep, (path, failure) => logger.LogDocumentLeft(path, failure));
        }
    }

    private static async Task<Ok<StoredModel>> Validate(
        Guid id, CurrentAccess access, HttpResponse response, IGrainFactory grains, ModelRegistration registration, CancellationToken cancellationToken)
    {
        var model = await grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id);
        var stored = await registration.ValidateAsync(model, access.UserId, cancellationToken);
        response.SetETag(stored.RowVersion);
        return TypedResults.Ok(stored);
    }

    private static ModelFile[] FilesOf(AiModel model) =>
    [
        .. new[]
        {
            Column("weights", "model.onnx", model.ModelFilePath, Octets),
            Column("configuration", "configuration.json", model.ConfigFilePath, "application/json"),
            Column("labels", "labels.txt", model.LabelsFilePath, "text/plain"),
        }.OfType<ModelFile>(),
        .. model.AttachedFiles.Select(file => new ModelFile(
            file.Kind == AttachedFileKind.Evidence ? "evidence" : "documentation", file.Name, ShaOf(file.Path), file.Size, file.ContentType)
        {
            Path = file.Path,
        }),
    ];

    private static ModelFile? Column(string kind, string name, string? path, string contentType) =>
        string.IsNullOrEmpty(path) ? null : new(kind, name, ShaOf(path), null, contentType) { Path = path };

    private static string? ShaOf(string path) => path.StartsWith(StoredPath, StringComparison.Ordinal) ? path[StoredPath.Length..] : null;

    private static ModelFile Find(AiModel model, string kind, string name) =>
        FilesOf(model).FirstOrDefault(file => file.Kind == kind && file.Name == name)
        ?? throw new FleetRefusedException(RefusalKind.NotFound, null, $"{model.Name} {model.Version} has no file '{name}' of kind {kind}.");

    // A stranger's document is a download and never a page of this host.
    private static async Task<FileStreamHttpResult> SendAsync(
        ModelFile file, HttpResponse response, IModelFiles files, CancellationToken cancellationToken)
    {
        try
        {
            var content = await files.OpenReadAsync(file.Path, cancellationToken);
            response.RegisterForDisposeAsync(content);
            var isPicture = file is { Kind: "evidence", ContentType: "image/jpeg" };
            return TypedResults.Stream(content, file.ContentType, isPicture ? null : file.Name);
        }
        catch (Exception exception) when (exception is FileNotFoundException or InvalidDataException)
        {
            throw new FleetRefusedException(RefusalKind.Conflict, null, exception.Message);
        }
    }
}

/// <summary>What is logged of files.</summary>
internal static partial class ModelFilesLog
{
    [LoggerMessage(LogLevel.Warning, "Document {Path} could not be removed after a failed upload")]
    public static partial void LogDocumentLeft(this ILogger logger, string path, Exception exception);
}
