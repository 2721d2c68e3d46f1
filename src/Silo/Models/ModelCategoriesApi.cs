using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary><c>/api/admin/model-categories</c>.</summary>
internal static class ModelCategoriesApi
{
    /// <summary>Largest known-positive picture in bytes.</summary>
    private const long MostPictureBytes = 8 << 20;

    public static IEndpointRouteBuilder MapModelCategories(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/model-categories").WithTags("Models");
        group.MapGet("/", List).WithName("ListModelCategories").WithSummary("Categories with what each brings, by family")
            .RequireAccess(AccessAction.ReadModels);
        group.MapPost("/", Create).WithName("CreateModelCategory").WithSummary("Adds a category")
            .RequireAccess(AccessAction.ManageCategories).ProducesProblem(400).ProducesProblem(409);
        group.MapPut("/{id:guid}", Change).WithName("ChangeModelCategory").WithSummary("Changes what a category brings; its name stays")
            .RequireAccess(AccessAction.ManageCategories).ProducesProblem(400).ProducesProblem(404);
        group.MapPut("/{id:guid}/known-positive", SetPicture).WithName("SetKnownPositive")
            .WithSummary("A picture (JPEG or PNG) on which every model of the category must find something")
            .RequireAccess(AccessAction.ManageCategories).WithMetadata(new UploadLimit(MostPictureBytes))
            .Accepts<byte[]>("image/jpeg", "image/png").ProducesProblem(400).ProducesProblem(404).ProducesProblem(413);
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<ModelCategory>>> List(IModelReader rows, CancellationToken cancellationToken) =>
        TypedResults.Ok(await rows.ReadCategoriesAsync(cancellationToken));

    private static async Task<Created<ModelCategory>> Create(CategoryRequest request, IGrainFactory grains)
    {
        var id = ModelKeys.OfCategory(request.Name);
        var grain = grains.GetGrain<IModelCategoryGrain>(id);
        if (await grain.Get() is { } there)
        {
            throw new FleetRefusedException(RefusalKind.Conflict, "name", $"There is a category {there.Name} already; change it by PUT.");
        }

        var category = await grain.Put(ToCategory(request, new() { Id = id, Name = request.Name }));
        return TypedResults.Created($"/api/admin/model-categories/{id}", category);
    }

    private static async Task<Ok<ModelCategory>> Change(Guid id, CategoryRequest request, IGrainFactory grains)
    {
        var grain = grains.GetGrain<IModelCategoryGrain>(id);
        var there = await grain.Get().OrNotFound("category", id);
        return request.Name == there.Name
            ? TypedResults.Ok(await grain.Put(ToCategory(request, there)))
            : throw new FleetRefusedException(
                RefusalKind.Invalid, "name", $"The category is called {there.Name}: models refer to it by its name, which stays.");
    }

    private static async Task<Ok<ModelCategory>> SetPicture(
        Guid id, HttpRequest request, IGrainFactory grains, IModelFiles files, ModelRegistration registration, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IModelCategoryGrain>(id);
        var there = await grain.Get().OrNotFound("category", id);
        var picture = await PictureBody.ReadAsync(request, MostPictureBytes, cancellationToken);
        var file = await files.SaveAsync(picture, cancellationToken);
        ModelCategory stored;
        try
        {
            stored = await grain.Put(there with { KnownPositiveFilePath = file.Path });
        }
        catch (Exception exception) when (Problem.Of(exception).IsRefusal)
        {
            await registration.DiscardAsync(file.Path);
            throw;
        }

        if (there.KnownPositiveFilePath is { } before && before != file.Path)
        {
            await registration.DiscardAsync(before);
        }

        return TypedResults.Ok(stored);
    }

    private static ModelCategory ToCategory(CategoryRequest request, ModelCategory there) => there with
    {
        Family = request.Family,
        Description = request.Description,
        ModelType = request.ModelType,
        DefaultClasses = request.DefaultClasses,
        ConfidenceThreshold = request.ConfidenceThreshold,
        AlertSeverity = request.AlertSeverity,
        KnownPositiveClasses = request.KnownPositiveClasses,
        KnownPositiveConfidence = request.KnownPositiveConfidence,
    };
}
