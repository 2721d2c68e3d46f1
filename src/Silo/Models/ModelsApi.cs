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
        group.MapGet("/", List).WithName("ListModels").WithSummary("Model versions, newest first")
            .RequireAccess(AccessAction.ReadModels).ProducesProblem(400);
        group.MapGet("/{id:guid}", Get).WithName("GetModel").WithSummary("One model version")
            .RequireAccess(AccessAction.ReadModels).ProducesProblem(404);
        return routes;
    }

    private static async Task<Created<AiModel>> Upload(
        HttpRequest request, CurrentAccess access, ModelRegistration registration, CancellationToken cancellationToken)
    {
        var model = await registration.RegisterAsync(request, access.UserId, cancellationToken);
        return TypedResults.Created($"/api/admin/ai-models/{model.Id}", model);
    }

    private static async Task<Ok<Page<AiModel>>> List(
        [AsParameters] ModelFilter filter,
        [AsParameters] PageRequest page,
        IRowReader rows,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await rows.ReadModelsAsync(filter, page, cancellationToken));

    private static async Task<Ok<AiModel>> Get(Guid id, IGrainFactory grains) =>
        TypedResults.Ok(await grains.GetGrain<IModelGrain>(id).Get().OrNotFound("model", id));
}
