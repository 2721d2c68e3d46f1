using OrleansAiFleet.Access;
using OrleansAiFleet.Evaluations;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>What the API shows of models beside the rows themselves, read from the tables without waking a grain.</summary>
internal interface IModelReader
{
    /// <summary>All versions of a model, newest first.</summary>
    Task<IReadOnlyList<AiModel>> ReadVersionsAsync(string name, CancellationToken cancellationToken);

    /// <summary>Its aliases, of the fleet and of sites.</summary>
    Task<IReadOnlyList<ModelAlias>> ReadAliasesAsync(string name, CancellationToken cancellationToken);

    /// <summary>All categories, by family.</summary>
    Task<IReadOnlyList<ModelCategory>> ReadCategoriesAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="ModelTimeline.ReadAsync"/>.</summary>
    Task<IReadOnlyList<LivePeriod>> ReadTimelineAsync(
        Guid? siteId, Guid? modelId, SiteScope? scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>See <see cref="ModelFigureQueries.ReadLiveAsync"/>.</summary>
    Task<IReadOnlyList<LiveFigures>> ReadLiveAsync(
        Guid[]? models, SiteScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>The latest evaluation of each version that has one.</summary>
    Task<IReadOnlyList<EvaluationResult>> ReadEvaluationsAsync(Guid[] models, CancellationToken cancellationToken);

    /// <summary>See <see cref="ModelFigureQueries.ReadLicenseUsesAsync"/>.</summary>
    Task<IReadOnlyList<LicenseUse>> ReadLicenseUsesAsync(Guid? model, SiteScope scope, CancellationToken cancellationToken);
}

/// <summary>Out of the fleet's database.</summary>
internal sealed class StoredModelReader(ModelQueries models, ModelTimeline timeline, ModelFigureQueries figures) : IModelReader
{
    public Task<IReadOnlyList<AiModel>> ReadVersionsAsync(string name, CancellationToken cancellationToken) =>
        models.ReadVersionsAsync(name, cancellationToken);

    public Task<IReadOnlyList<ModelAlias>> ReadAliasesAsync(string name, CancellationToken cancellationToken) =>
        models.ReadAliasesAsync(name, cancellationToken);

    public Task<IReadOnlyList<ModelCategory>> ReadCategoriesAsync(CancellationToken cancellationToken) =>
        models.ReadCategoriesAsync(cancellationToken);

    public Task<IReadOnlyList<LivePeriod>> ReadTimelineAsync(
        Guid? siteId, Guid? modelId, SiteScope? scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        timeline.ReadAsync(siteId, modelId, scope, from, to, cancellationToken);

    public Task<IReadOnlyList<LiveFigures>> ReadLiveAsync(
        Guid[]? models, SiteScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        figures.ReadLiveAsync(models, scope, from, to, cancellationToken);

    public Task<IReadOnlyList<EvaluationResult>> ReadEvaluationsAsync(Guid[] models, CancellationToken cancellationToken) =>
        figures.ReadEvaluationsAsync(models, cancellationToken);

    public Task<IReadOnlyList<LicenseUse>> ReadLicenseUsesAsync(Guid? model, SiteScope scope, CancellationToken cancellationToken) =>
        figures.ReadLicenseUsesAsync(model, scope, cancellationToken);
}
