using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>Owns one row of <c>ai_models</c>. Asks nobody; registration and deployments call it.</summary>
[GrainType("model")]
internal sealed partial class ModelGrain(
    [PersistentState(StateNames.Model, StateNames.Provider)] IPersistentState<AiModel> state,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<ModelGrain> logger) : Grain, IModelGrain
{
    public async Task<AiModel> Register(AiModel model)
    {
        var key = this.GetPrimaryKey();
        ModelPolicy.Judge(key, model).ThrowIfRefused();
        var asked = ModelPolicy.AsStored(model);
        if (state.RecordExists)
        {
            return ModelPolicy.Same(state.State, asked)
                ? state.State
                : throw Refusal.Conflict("id", $"Model {key:D} is another version already.").ToException();
        }

        var now = time.GetUtcNow().Stored();
        await state.WriteRow(asked with { CreatedAt = now, UpdatedAt = now });
        LogRegistered(key, asked.Name, asked.Version);
        return state.State;
    }

    public Task<AiModel?> Get() => Task.FromResult(state.RecordExists ? state.State : null);

    [LoggerMessage(LogLevel.Information, "Model {Model}: {Name} {Version} registered")]
    private partial void LogRegistered(Guid model, string name, string version);
}
