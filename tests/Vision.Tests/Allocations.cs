namespace OrleansAiFleet.Vision.Tests;

/// <summary>Measures what code allocates once it is warm.</summary>
internal static class Allocations
{
    /// <summary>Bytes of the leanest of many rounds: the runtime's own one-time allocations fall into some others.</summary>
    public static long PerRound(Action round)
    {
        round();
        round();
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
