using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Owns one row of <c>model_categories</c>. Asks nobody; registration looks it up.</summary>
[GrainType("model-category")]
internal sealed class ModelCategoryGrain(
    [PersistentState(StateNames.ModelCategory, StateNames.Provider)] IPersistentState<ModelCategory> state,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : Grain, IModelCategoryGrain
{
    public async Task<ModelCategory> Put(ModelCategory category)
    {
        ModelCategoryPolicy.Judge(this.GetPrimaryKey(), category).ThrowIfRefused();
        var now = time.GetUtcNow().Stored();
        await state.WriteRow(ModelCategoryPolicy.AsStored(category) with
        {
            CreatedAt = state.RecordExists ? state.State.CreatedAt : now,
            UpdatedAt = now,
        });
        return state.State;
    }

    public Task<ModelCategory?> Get() => Task.FromResult(state.RecordExists ? state.State : null);
}
