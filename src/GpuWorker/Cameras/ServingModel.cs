using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>A lease and those who use it. The lease is given up when it was retired and the last frame is done with it.</summary>
internal sealed class ServingModel(IModelLease lease, ModelReference model)
{
    private int _uses = 1;

    public IModelLease Lease => lease;

    public ModelReference Model => model;

    /// <summary>What its own configuration does with its objects.</summary>
    public ObjectRules Rules { get; } = ProfileMapping.ToRules(model);

    /// <summary>False where it was given up already.</summary>
    public bool TryUse()
    {
        for (var uses = Volatile.Read(ref _uses); uses > 0; uses = Volatile.Read(ref _uses))
        {
            if (Interlocked.CompareExchange(ref _uses, uses + 1, uses) == uses)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends one use; also retires it, by ending the use it was made with.</summary>
    public ValueTask ReleaseAsync() => Interlocked.Decrement(ref _uses) == 0 ? lease.DisposeAsync() : ValueTask.CompletedTask;
}
