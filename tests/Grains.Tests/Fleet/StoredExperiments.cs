using OrleansAiFleet.Rollouts.Experiments;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Experiments that are not settled, by the rows of a <see cref="FleetStore"/>.</summary>
internal sealed class StoredExperiments(FleetStore store) : IExperimentReader
{
    public Task<IReadOnlyList<Guid>> ReadOpenAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Guid>>(
        [.. store.All<Experiment>().Where(experiment => !experiment.IsSettled).Select(experiment => experiment.Id)]);
}
