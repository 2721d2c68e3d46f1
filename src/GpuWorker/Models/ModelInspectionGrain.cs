using Orleans.Concurrency;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Asks this worker's <see cref="ModelInspector"/>. Holds nothing; registration of models calls it.</summary>
[GrainType("model-inspection")]
[StatelessWorker(1)]
[Reentrant]
internal sealed class ModelInspectionGrain(ModelInspector inspector) : Grain, IModelInspectionGrain
{
    public Task<ModelInspection> Inspect(InspectModel request, CancellationToken cancellationToken = default) =>
        inspector.InspectAsync(request, cancellationToken);
}
