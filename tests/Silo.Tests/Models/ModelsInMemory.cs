using OrleansAiFleet.Access;
using OrleansAiFleet.Evaluations;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Tests.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Tests.Models;

/// <summary>What the API reads of models, over the rows of a test.</summary>
internal sealed class ModelsInMemory(Rows rows) : IModelReader
{
    public Task<IReadOnlyList<AiModel>> ReadVersionsAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AiModel>>([.. rows.Models.Values.Where(model => model.Name == name).OrderByDescending(model => model.CreatedAt)]);

    public Task<IReadOnlyList<ModelAlias>> ReadAliasesAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelAlias>>([]);

    public Task<IReadOnlyList<ModelCategory>> ReadCategoriesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelCategory>>(
        [
            new() { Id = ModelKeys.OfCategory("Safety Compliance"), Name = "Safety Compliance", Family = "Safety Compliance", ConfidenceThreshold = 0.3m },
        ]);

    public Task<IReadOnlyList<LivePeriod>> ReadTimelineAsync(
        Guid? siteId, Guid? modelId, SiteScope? scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LivePeriod>>([]);

    public Task<IReadOnlyList<LiveFigures>> ReadLiveAsync(
        Guid[]? models, SiteScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LiveFigures>>([]);

    public Task<IReadOnlyList<EvaluationResult>> ReadEvaluationsAsync(Guid[] models, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EvaluationResult>>([]);

    public Task<IReadOnlyList<LicenseUse>> ReadLicenseUsesAsync(Guid? model, SiteScope scope, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LicenseUse>>([]);
}
