using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>
/// Uploads that go on where they broke off: <c>/api/admin/model-uploads</c>. The semantics are those of the tus protocol 1.0.0 with
/// creation, termination and expiration (https://tus.io/protocols/resumable-upload); a PUT with <c>Content-Range</c> does as a PATCH does.
/// </summary>
internal static class ModelUploadsApi
{
    private const string Root = "/api/admin/model-uploads";
    private const string PatchType = "application/offset+octet-stream";

    public static IEndpointRouteBuilder MapModelUploads(this IEndpointRouteBuilder routes)
    {
        var most = routes.ServiceProvider.GetRequiredService<IOptions<ModelUploadOptions>>().Value.MaxUploadBytes;
        var group = routes.MapGroup(Root).WithTags("Models").AddEndpointFilter(TusVersion.CheckAsync);
        group.MapMethods("/", ["OPTIONS"], (HttpResponse response) => TusVersion.Describe(response, most))
            .WithName("DescribeModelUploads").WithSummary("What uploads can do (tus)").OpenToAll();
        group.MapPost("/", Create).WithName("CreateModelUpload").WithSummary("Begins an upload that can go on where it breaks off (tus: creation)")
            .RequireAccess(AccessAction.UploadModels).ProducesProblem(400).ProducesProblem(409).ProducesProblem(413);
        group.MapGet("/{upload:guid}", Get).WithName("GetModelUpload").WithSummary("How far an upload is")
            .RequireAccess(AccessAction.UploadModels).ProducesProblem(404);
        group.MapMethods("/{upload:guid}", ["HEAD"], Head).WithName("HeadModelUpload").WithSummary("Where an upload ends (tus)")
            .RequireAccess(AccessAction.UploadModels).ProducesProblem(404);
        group.MapMethods("/{upload:guid}", ["PATCH"], Patch).WithName("ContinueModelUpload").WithSummary("Adds bytes at Upload-Offset (tus)")
            .RequireAccess(AccessAction.UploadModels).WithMetadata(new UploadLimit(most))
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415);
        group.MapPut("/{upload:guid}", Put).WithName("PutModelUploadRange").WithSummary("Adds the bytes of a Content-Range")
            .RequireAccess(AccessAction.UploadModels).WithMetadata(new UploadLimit(most)).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapDelete("/{upload:guid}", Delete).WithName("DeleteModelUpload").WithSummary("Gives an upload up (tus: termination)")
            .RequireAccess(AccessAction.UploadModels).ProducesProblem(404);
        return routes;
    }

    private static async Task<Created<ShownUpload>> Create(
        HttpContext context, CurrentAccess access, PendingUploads uploads, IOptions<ModelUploadOptions> options, CancellationToken cancellationToken)
    {
        var length = TusHeaders.ReadLength(context.Request);
        if (length > options.Value.MaxUploadBytes)
        {
            throw new BadHttpRequestException($"An upload has at most {options.Value.MaxUploadBytes} bytes.", StatusCodes.Status413PayloadTooLarge);
        }

        var upload = await uploads.CreateAsync(access.UserId, length, TusHeaders.ReadMetadata(context.Request), cancellationToken);
        TusHeaders.Write(context.Response, upload);
        return TypedResults.Created($"{Root}/{upload.Id}", ShownUpload.Of(upload));
    }

    private static async Task<Ok<ShownUpload>> Get(
        Guid upload, HttpResponse response, CurrentAccess access, PendingUploads uploads, CancellationToken cancellationToken)
    {
        var found = await FindAsync(upload, access, uploads, cancellationToken);
        TusHeaders.Write(response, found);
        return TypedResults.Ok(ShownUpload.Of(found));
    }

    private static async Task<Ok> Head(
        Guid upload, HttpResponse response, CurrentAccess access, PendingUploads uploads, CancellationToken cancellationToken)
    {
        TusHeaders.Write(response, await FindAsync(upload, access, uploads, cancellationToken));
        return TypedResults.Ok();
    }

    private static Task<NoContent> Patch(
        Guid upload, HttpContext context, CurrentAccess access, PendingUploads uploads, CancellationToken cancellationToken)
    {
        if (context.Request.ContentType?.Split(';')[0].Trim() is not PatchType)
        {
            throw new BadHttpRequestException($"A PATCH of an upload is {PatchType}.", StatusCodes.Status415UnsupportedMediaType);
        }

        return AppendAsync(upload, TusHeaders.ReadOffset(context.Request), length: null, context, access, uploads, cancellationToken);
    }

    private static Task<NoContent> Put(
        Guid upload, HttpContext context, CurrentAccess access, PendingUploads uploads, CancellationToken cancellationToken)
    {
        var (offset, length) = TusHeaders.ReadRange(context.Request);
        return AppendAsync(upload, offset, length, context, access, uploads, cancellationToken);
    }

    private static async Task<NoContent> Delete(Guid upload, CurrentAccess access, PendingUploads uploads, CancellationToken cancellationToken)
    {
        await uploads.DeleteAsync((await FindAsync(upload, access, uploads, cancellationToken)).Id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> AppendAsync(
        Guid id, long offset, long? length, HttpContext context, CurrentAccess access, PendingUploads uploads, CancellationToken cancellationToken)
    {
        var upload = await FindAsync(id, access, uploads, cancellationToken);
        if (offset != upload.Received)
        {
            TusHeaders.Write(context.Response, upload);
            throw new FleetRefusedException(
                RefusalKind.Conflict, "Upload-Offset", $"The upload ends at {upload.Received}, not at {offset}. Go on from there.");
        }

        if (length is { } total && total != upload.Length)
        {
            throw new FleetRefusedException(
                RefusalKind.Invalid, "Content-Range", $"The upload was begun with {upload.Length} bytes, the range says {total}.");
        }

        var received = await uploads.AppendAsync(upload, context.Request.Body, cancellationToken);
        TusHeaders.Write(context.Response, await FindAsync(id, access, uploads, cancellationToken) with { Received = received });
        return TypedResults.NoContent();
    }

    // Somebody else's upload is not there.
    private static async Task<PendingUpload> FindAsync(
        Guid id, CurrentAccess access, PendingUploads uploads, CancellationToken cancellationToken) =>
        await uploads.FindAsync(id, cancellationToken) is { } upload && upload.UserId == access.UserId
            ? upload
            : throw new FleetRefusedException(RefusalKind.NotFound, null, $"There is no upload {id} of yours, or it has expired.");
}

/// <summary>How far an upload is.</summary>
public sealed record ShownUpload
{
    public required Guid Id { get; init; }

    /// <summary>Bytes that it will have.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes that are here: where to go on.</summary>
    public required long Offset { get; init; }

    /// <summary>The same in percent.</summary>
    public required double Percent { get; init; }

    /// <summary>What its sender said of it.</summary>
    public required JsonText Metadata { get; init; }

    /// <summary>When it is given up unless another piece comes.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    internal static ShownUpload Of(PendingUpload upload) => new()
    {
        Id = upload.Id,
        Length = upload.Length,
        Offset = upload.Received,
        Percent = Math.Round(100.0 * upload.Received / upload.Length, 1),
        Metadata = upload.Metadata,
        ExpiresAt = upload.ExpiresAt,
    };
}
