using System.Diagnostics;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Polls a condition until it holds.</summary>
internal static class WaitUntil
{
    // Wide: the machine may build something else meanwhile. A condition that holds is seen within milliseconds.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static Task True(Func<bool> condition, string expected) => True(() => Task.FromResult(condition()), expected);

    public static async Task True(Func<Task<bool>> condition, string expected)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"Within {Deadline.TotalSeconds} s it did not happen that {expected}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
