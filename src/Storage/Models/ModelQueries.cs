using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Which model versions; null takes all.</summary>
/// <param name="Name">Exactly this name: the versions of one model.</param>
/// <param name="Category">Exactly this category.</param>
/// <param name="ModelType">What the model does.</param>
/// <param name="Status">Where it is in its life.</param>
public sealed record ModelFilter(
    string? Name = null, string? Category = null, ModelType? ModelType = null, ModelStatus? Status = null);

/// <summary>Lists of model versions.</summary>
public sealed class ModelQueries(IDbContextFactory<FleetContext> contexts)
{
    /// <summary>Model versions, newest first.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<AiModel>> ListAsync(ModelFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        contexts.ListAsync<AiModel>(
            page,
            rows => rows
                .Where(model => filter.Name == null || model.Name == filter.Name)
                .Where(model => filter.Category == null || model.Category == filter.Category)
                .Where(model => filter.ModelType == null || model.ModelType == filter.ModelType)
                .Where(model => filter.Status == null || model.Status == filter.Status),
            nameof(AiModel.CreatedAt),
            model => new(model.CreatedAt, model.Id),
            cancellationToken);
}
