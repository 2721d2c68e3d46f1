using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Deployments.Scaling;

/// <summary>
/// The models as camera streams see them: loaded here, or served by other workers where the scheduler says so. Which of the two may
/// change while a stream runs; it notices nothing.
/// </summary>
internal sealed class RoutedModels(
    ModelRepository local, SpillRouter spill, InstanceBook book, ILocalSiloDetails self, TimeProvider time) : IModelRepository
{
    public async ValueTask<IModelLease> AcquireAsync(ModelReference model, CancellationToken cancellationToken)
    {
        var lease = new RoutedLease(model, local, spill, () => ElsewhereOf(model.ModelId), time);
        if (ElsewhereOf(model.ModelId) is null)
        {
            await lease.LoadAsync(cancellationToken);
        }

        // After the load: where that fails nobody disposes of it.
        lease.Follow(book);
        return lease;
    }

    private IReadOnlySet<SiloAddress>? ElsewhereOf(Guid modelId) =>
        book.WorkersOf(modelId) is { } workers && !workers.Contains(self.SiloAddress) ? workers : null;
}
