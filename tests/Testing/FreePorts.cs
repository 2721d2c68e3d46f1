using System.Net.NetworkInformation;

namespace OrleansAiFleet.Testing;

/// <summary>Ports for a fleet of its own, below those that the system hands out by itself.</summary>
public static class FreePorts
{
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>The first of so many in a row that nobody listens on now.</summary>
    public static int Find(int count)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => end.Port).ToHashSet();
        while (true)
        {
            var first = Random.Shared.Next(Lowest, Highest - count);
            if (!Enumerable.Range(first, count).Any(taken.Contains))
            {
                return first;
            }
        }
    }
}
