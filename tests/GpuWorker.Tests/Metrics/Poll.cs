using System.Diagnostics;

namespace OrleansAiFleet.GpuWorker.Tests.Metrics;

internal static class Poll
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Waits until a condition holds; fails with what was seen last.</summary>
    public static async Task UntilAsync(Func<bool> condition, Func<string> seen)
    {
        var started = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(started.Elapsed < Deadline, $"Not so after {Deadline.TotalSeconds} s: {seen()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
