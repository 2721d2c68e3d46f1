using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>The model versions of this worker. One runtime per version serves every deployment and camera on it.</summary>
internal interface IModelRepository
{
    /// <summary>
    /// The runtime of a version: fetched, checked, loaded and warmed up before this returns. It stays loaded while any
    /// lease is held and a while longer.
    /// </summary>
    /// <exception cref="ModelLoadException">It cannot be fetched, checked or loaded; what serves goes on serving.</exception>
    ValueTask<IModelLease> AcquireAsync(ModelReference model, CancellationToken cancellationToken);
}
