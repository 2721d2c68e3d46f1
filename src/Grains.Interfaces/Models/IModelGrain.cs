using Orleans.Concurrency;

namespace OrleansAiFleet.Models;

/// <summary>One version of a model. Key: the row's id. Its state is its row in <c>ai_models</c>.</summary>
[Alias("Fleet.IModelGrain")]
public interface IModelGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Makes the row of an inspected file. Asking again for the same row changes nothing.
    /// </summary>
    /// <exception cref="Fleet.FleetRefusedException">The id is taken, or name and version are.</exception>
    [Alias("Register")]
    Task<AiModel> Register(AiModel model);

    /// <summary>The row, or null where nobody registered it.</summary>
    [Alias("Get"), ReadOnly]
    Task<AiModel?> Get();
}
