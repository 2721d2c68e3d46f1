using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Has a worker find out what a model file is.</summary>
internal sealed class ModelValidation(IGrainFactory grains)
{
    /// <summary>What a registered version is with another configuration.</summary>
    /// <exception cref="FleetRefusedException">It cannot be used so.</exception>
    public Task<ModelInspection> InspectAsync(AiModel model, ModelConfiguration configuration, CancellationToken cancellationToken) =>
        InspectAsync(new() { FilePath = model.ModelFilePath, Configuration = configuration, Classes = model.OutputClasses }, cancellationToken);

    /// <summary>What a stored file is.</summary>
    /// <exception cref="FleetRefusedException">It cannot be used; the field at fault is named.</exception>
    public async Task<ModelInspection> InspectAsync(InspectModel request, CancellationToken cancellationToken)
    {
        var inspection = await grains.OnWorker<IModelInspectionGrain>(0).Inspect(request, cancellationToken);
        return inspection.Fault is { } fault
            ? throw new FleetRefusedException(RefusalKind.Invalid, fault.Field, fault.Message)
            : inspection;
    }
}
