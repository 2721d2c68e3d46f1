using System.Text.Json;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary><c>/api/admin/ai-models</c>.</summary>
internal static class ModelsApi
{
    /// <summary>What a multipart body has beside the file: its fields and boundaries.</summary>
    private const long MultipartOverheadBytes = 2 * ModelUpload.MaxTextBytes;

    /// <summary>Uploads and their limits.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.AddOptions<ModelUploadOptions>()
            .BindConfiguration(ModelUploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<FilesInHand>();
        services.AddSingleton<IModelFiles, StoredModelFiles>();
        services.AddSingleton<ModelRegistration>();
        services.AddSingleton<ModelValidation>();
        services.AddSingleton<ModelChange>();
        services.AddSingleton<BulkUpdate>();
        services.AddOptions<ModelSourceOptions>().BindConfiguration(ModelSourceOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelSourceOptions>, ModelSourceOptionsValidator>();
        services.AddSingleton<ModelSources>();
        services.AddSingleton<StoredUploads>();
        services.AddSingleton<ModelPages>();
        return services;
    }

    public static IEndpointRouteBuilder MapModels(this IEndpointRouteBuilder routes)
    {
        var limits = routes.ServiceProvider.GetRequiredService<IOptions<ModelUploadOptions>>().Value;
        var group = routes.MapGroup("/api/admin/ai-models").WithTags("Models");
        group.MapPost("/", Upload).WithName("UploadModel").WithSummary("Uploads, inspects and registers one model version")
            .RequireAccess(AccessAction.UploadModels)
            .Accepts<ModelUploadForm>("multipart/form-data")
            .WithMetadata(new UploadLimit(limits.MaxUploadBytes + MultipartOverheadBytes))
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(503);
        group.MapPost("/register", Register).WithName("RegisterModel")
            .WithSummary("Inspects and registers a file that was uploaded in pieces (upload_id) or is at an allowed address (source_url)")
            .RequireAccess(AccessAction.UploadModels).Accepts<RegisterModel>("application/json")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/", List).WithName("ListModels").WithSummary("Model versions, newest first")
            .RequireAccess(AccessAction.ReadModels).Produces<Page<AiModel>>().ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetModel").WithSummary("One model version; its ETag is for If-Match")
            .RequireAccess(AccessAction.ReadModels).ProducesProblem(404);
        group.MapPut("/{id:guid}", Change).WithName("ChangeModel")
            .WithSummary("Changes columns of a model version and its configuration; what the body does not name stays")
            .RequireAccess(AccessAction.UploadModels).Accepts<Dictionary<string, object>>("application/json")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(428);
        group.MapPost("/bulk-update", UpdateAll).WithName("BulkUpdateModels")
            .WithSummary("The same change of several versions: all are judged first, and changed only where none is refused")
            .RequireAccess(AccessAction.UploadModels).ProducesProblem(400).ProducesProblem(503);
        group.MapDelete("/{id:guid}", Delete).WithName("DeleteModel").WithSummary("Removes a version that was never deployed, and its files")
            .RequireAccess(AccessAction.RetireModels).ProducesProblem(404).ProducesProblem(409).ProducesProblem(428);
        return routes;
    }

    private static async Task<Created<AiModel>> Upload(
        HttpRequest request, CurrentAccess access, ModelRegistration registration, CancellationToken cancellationToken)
    {
        var model = await registration.RegisterAsync(request, access.UserId, cancellationToken);
        return TypedResults.Created($"/api/admin/ai-models/{model.Id}", model);
    }

    private static async Task<Created<AiModel>> Register(
        JsonElement body, CurrentAccess access, StoredUploads uploads, CancellationToken cancellationToken)
    {
        var model = await uploads.RegisterAsync(body, access, cancellationToken);
        return TypedResults.Created($"/api/admin/ai-models/{model.Id}", model);
    }

    private static Task<JsonPage> List(
        [AsParameters] ModelFilter filter,
        [AsParameters] PageRequest page,
        IRowReader rows,
        CancellationToken cancellationToken) =>
        rows.ReadModelsAsync(filter, page, cancellationToken);

    private static async Task<Ok<AiModel>> Get(Guid id, HttpResponse response, IGrainFactory grains)
    {
        var stored = await grains.GetGrain<IModelGrain>(id).GetStored().OrNotFound("model", id);
        response.SetETag(stored.RowVersion);
        return TypedResults.Ok(stored.Model);
    }

    private static async Task<Ok<AiModel>> Change(
        Guid id, JsonElement fields, HttpContext context, CurrentAccess access, ModelChange change, CancellationToken cancellationToken)
    {
        var stored = await change.ApplyAsync(id, fields, access.UserId, context.Request.DemandIfMatch(), cancellationToken);
        context.Response.SetETag(stored.RowVersion);
        return TypedResults.Ok(stored.Model);
    }

    private static async Task<Ok<BulkUpdateAnswer>> UpdateAll(
        BulkUpdateRequest request, CurrentAccess access, BulkUpdate update, CancellationToken cancellationToken) =>
        TypedResults.Ok(await update.ApplyAsync(request, access.UserId, cancellationToken));

    private static async Task<NoContent> Delete(
        Guid id, HttpRequest request, IGrainFactory grains, ModelRegistration registration)
    {
        if (await grains.GetGrain<IModelGrain>(id).Delete(request.DemandIfMatch()) is { } removed)
        {
            await registration.DiscardFilesAsync(removed);
        }

        return TypedResults.NoContent();
    }
}
