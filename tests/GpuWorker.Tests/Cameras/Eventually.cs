namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Waits for a condition with a deadline, and shows what was seen last when it is not met.</summary>
internal static class Eventually
{
    public static Task TrueAsync(Func<bool> condition, Func<object?> describe, double seconds = 30) =>
        TrueAsync(() => Task.FromResult(condition()), describe, seconds);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<object?> describe, double seconds = 30)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds),
                $"Not within {seconds} s; last seen: {describe()}");
            await Task.Delay(20);
        }
    }
}
