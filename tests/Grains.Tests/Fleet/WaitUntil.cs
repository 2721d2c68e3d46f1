using System.Diagnostics;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>
/// Polls a condition until it holds. A client's call that is under way to a silo when that dies is refused, or never answered: such a
/// one is asked again.
/// </summary>
internal static class WaitUntil
{
    // Wide: the machine may build something else meanwhile. A condition that holds is seen within milliseconds.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static Task True(Func<bool> condition, string expected) => True(() => Task.FromResult(condition()), expected);

    public static async Task True(Func<Task<bool>> condition, string expected)
    {
        var watch = Stopwatch.StartNew();
        while (!await Holds(condition))
        {
            Assert.True(watch.Elapsed < Deadline, $"Within {Deadline.TotalSeconds} s it did not happen that {expected}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static async Task<bool> Holds(Func<Task<bool>> condition)
    {
        try
        {
            return await condition().WaitAsync(Patience, TimeProvider.System);
        }
        catch (Exception lost) when (lost is TimeoutException or SiloUnavailableException or OrleansMessageRejectionException)
        {
            return false;
        }
    }
}
