using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Owns one row of <c>model_aliases</c>. Asks the version it is to name, and has followers of the alias take it up.</summary>
[GrainType("model-alias")]
internal sealed class ModelAliasGrain(
    [PersistentState(StateNames.ModelAlias, StateNames.Provider)] IPersistentState<ModelAlias> state,
    IAliasFollowerReader followers,
    AliasFollowing following,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, IModelAliasGrain
{
    public async Task<PointedAlias> Point(ModelAlias alias)
    {
        ModelAliasPolicy.Judge(this.GetPrimaryKey(), alias).ThrowIfRefused();
        var model = await GrainFactory.GetGrain<IModelGrain>(alias.ModelId).Get();
        var inProduction = await followers.ReadInProductionAsync(alias.Name, alias.SiteId, alias.Alias, CancellationToken.None);
        ModelAliasPolicy.Judge(alias, model, inProduction).ThrowIfRefused();
        if (!state.RecordExists || state.State.ModelId != alias.ModelId)
        {
            var now = time.GetUtcNow().Stored();
            await state.WriteRow(alias with { CreatedAt = state.RecordExists ? state.State.CreatedAt : now, UpdatedAt = now });
        }

        var (moved, warnings) = await following.CatchUpAsync(alias.Name, CancellationToken.None);
        return new() { Alias = state.State, Moved = moved, Warnings = warnings };
    }

    public Task<ModelAlias?> Get() => Task.FromResult(state.RecordExists ? state.State : null);

    public async Task Remove()
    {
        if (state.RecordExists)
        {
            var name = state.State.Name;
            await state.ClearRow();

            // Whoever followed the alias of a site follows the fleet's now.
            await following.CatchUpAsync(name, CancellationToken.None);
        }

        DeactivateOnIdle();
    }
}
