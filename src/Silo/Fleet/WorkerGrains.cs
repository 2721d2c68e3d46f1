using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>References to grains whose classes only workers have.</summary>
internal static class WorkerGrains
{
    /// <summary>A worker's grain by number.</summary>
    /// <exception cref="FleetRefusedException">No worker has been up since this silo started.</exception>
    public static TGrain OnWorker<TGrain>(this IGrainFactory grains, long key)
        where TGrain : IGrainWithIntegerKey =>
        Reach(() => grains.GetGrain<TGrain>(key));

    /// <summary>A worker's grain by id.</summary>
    /// <exception cref="FleetRefusedException">No worker has been up since this silo started.</exception>
    public static TGrain OnWorker<TGrain>(this IGrainFactory grains, Guid key)
        where TGrain : IGrainWithGuidKey =>
        Reach(() => grains.GetGrain<TGrain>(key));

    private static TGrain Reach<TGrain>(Func<TGrain> reach)
    {
        try
        {
            return reach();
        }
        catch (ArgumentException)
        {
            // Orleans' way to say that no silo of the cluster ever offered the class.
            throw new FleetRefusedException(
                RefusalKind.Unavailable, null, $"No worker is up. Start one, then repeat the request.");
        }
    }
}
