using Microsoft.EntityFrameworkCore;
using OrleansAiFleet.Access;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Rollouts.Experiments;

/// <summary>Which experiments; null takes all.</summary>
/// <param name="SiteId">Of one site.</param>
/// <param name="DeploymentId">That have this deployment as A or B.</param>
/// <param name="IsSettled">Those that are over, or those that are not.</param>
/// <param name="Scope">Of sites within it.</param>
public sealed record ExperimentFilter(Guid? SiteId = null, Guid? DeploymentId = null, bool? IsSettled = null, SiteScope? Scope = null);

/// <summary>Lists of experiments.</summary>
public sealed class ExperimentQueries(IDbContextFactory<FleetContext> contexts) : IExperimentReader
{
    // As many as anybody can look after at once.
    private const int MostOpen = 10_000;

    /// <summary>Experiments, newest first.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The page cannot be taken, or the database is away.</exception>
    public Task<Page<Experiment>> ListAsync(ExperimentFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var among = filter.Scope?.ToArray();
        return contexts.ListAsync<Experiment>(
            page,
            rows => rows
                .Where(experiment => among == null || among.Contains(experiment.SiteId))
                .Where(experiment => filter.SiteId == null || experiment.SiteId == filter.SiteId)
                .Where(experiment => filter.DeploymentId == null
                    || experiment.Id == filter.DeploymentId || experiment.DeploymentId == filter.DeploymentId)
                .Where(experiment => filter.IsSettled == null || experiment.IsSettled == filter.IsSettled),
            nameof(Experiment.CreatedAt),
            experiment => new(experiment.CreatedAt, experiment.Id),
            cancellationToken);
    }

    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) =>
        contexts.ReadOpenAsync<Experiment>(MostOpen, cancellationToken);
}
