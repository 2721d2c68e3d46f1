using System.Text.Json;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>What of a model reference decides how it is loaded and run.</summary>
internal static class RuntimeKey
{
    /// <summary>Equal for references that one runtime can serve: what happens to objects afterwards is left out.</summary>
    public static string Of(ModelReference model) => JsonSerializer.Serialize(
        model with { DisplayName = "", Configuration = model.Configuration with { Postprocessing = null } });
}
