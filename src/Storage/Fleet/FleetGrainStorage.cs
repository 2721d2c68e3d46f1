using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Metrics;
using OrleansAiFleet.Storage.Rollouts.Waves;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>
/// The <c>fleet</c> storage provider: a grain's state is its row in the customer's tables, and nothing beside it. The ETag is the
/// row's version in PostgreSQL; a row that somebody else changed is an <see cref="InconsistentStateException"/>.
/// </summary>
/// <exception cref="FleetRefusedException">
/// A constraint refuses the row (the field is named), or the database is away (<see cref="RefusalKind.Unavailable"/>).
/// </exception>
internal sealed partial class FleetGrainStorage(
    IDbContextFactory<FleetContext> contexts, NpgsqlDataSource database, ILogger<FleetGrainStorage> logger) : IGrainStorage
{
    private readonly FrozenDictionary<string, object> _stores = new Dictionary<string, object>
    {
        [StateNames.Site] = new RowStateStore<Site>(contexts, site => site.Id),
        [StateNames.MaintenanceMode] = new RowStateStore<MaintenanceMode>(contexts, mode => mode.Id),
        [StateNames.Camera] = new RowStateStore<Camera>(contexts, camera => camera.Id),
        [StateNames.Model] = new RowStateStore<AiModel>(contexts, model => model.Id),
        [StateNames.ModelAlias] = new RowStateStore<ModelAlias>(contexts, alias => alias.Id),
        [StateNames.Rollout] = new RowStateStore<Rollout>(contexts, rollout => rollout.Id),
        [StateNames.Optimization] = new RowStateStore<PerformanceOptimization>(contexts, search => search.Id),
        [StateNames.Experiment] = new RowStateStore<Experiment>(contexts, experiment => experiment.Id),
        [StateNames.FleetRollout] = new FleetRolloutStore(contexts),
        [StateNames.ModelCategory] = new RowStateStore<ModelCategory>(contexts, category => category.Id),
        [StateNames.Deployment] = new RowStateStore<Deployment>(contexts, deployment => deployment.Id),
        [StateNames.MetricsWindow] = new MetricsWindowStore(contexts, database),
    }.ToFrozenDictionary();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        GuardAsync(stateName, grainId, StoreOf<T>(stateName).ReadAsync(grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        GuardAsync(stateName, grainId, StoreOf<T>(stateName).WriteAsync(grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        GuardAsync(stateName, grainId, StoreOf<T>(stateName).ClearAsync(grainId, grainState));

    private IStateStore<T> StoreOf<T>(string stateName) =>
        _stores.GetValueOrDefault(stateName) as IStateStore<T>
        ?? throw new InvalidOperationException(
            $"No table keeps state '{stateName}' as {typeof(T).Name}: use a name of {nameof(StateNames)} with its row's type.");

    private async Task GuardAsync(string stateName, GrainId grain, Task work)
    {
        try
        {
            await work;
        }
        catch (Exception exception) when (DatabaseOutage.Is(exception))
        {
            // The cause stays here: the refusal goes over the wire to callers who can only come back later.
            LogAway(exception, stateName, grain);
            throw DatabaseOutage.ToRefusal();
        }
    }

    [LoggerMessage(LogLevel.Warning, "State {StateName} of {Grain}: the database is away")]
    private partial void LogAway(Exception exception, string stateName, GrainId grain);
}
