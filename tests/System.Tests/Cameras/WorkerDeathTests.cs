using System.Diagnostics;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Cameras;

/// <summary>A worker is killed under load, in a cluster that speaks TLS.</summary>
[Collection(WholeFleet.Name)]
public sealed class WorkerDeathTests
{
    private static readonly TimeSpan Revival = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Cameras_of_a_killed_worker_run_on_another_within_ten_seconds_and_the_books_still_agree()
    {
        await using var fleet = await FleetUnderTest.StartAsync(
            workers: 2, new Dictionary<string, string> { ["Fleet__Cluster__Tls"] = "true" }, "--no-samples");
        var site = await SampleSite.CreateAsync(fleet, cameras: 4);
        var before = (await site.StatusesAsync())!;
        var victim = await fleet.ProcessIdOfAsync("worker-1");
        var dead = (await fleet.ReadHealthAsync())!.Workers.Single(worker => worker.ProcessId == victim).Silo;
        var orphans = before.Where(camera => camera.Silo == dead).Select(camera => camera.CameraId).ToHashSet();
        Assert.NotEmpty(orphans);

        Process.GetProcessById(victim).Kill();
        var killed = Stopwatch.GetTimestamp();
        await fleet.WaitUntilAsync("the dead worker's cameras run elsewhere", TimeSpan.FromSeconds(60), async () =>
            await site.StatusesAsync() is { } now && orphans.All(id => now.Any(camera =>
                camera.CameraId == id && camera.Silo != dead && camera.State == StreamState.Running && camera.FramesDecoded > 0)));
        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, Revival);

        await site.TerminateAsync();
        WindowBooks? books = null;
        await fleet.WaitUntilAsync("windows and detections agree", TimeSpan.FromSeconds(60), async () =>
        {
            books = await WindowBooks.ReadAsync(fleet.Database, site.Deployment);
            return books.Detections == books.WindowDetections;
        });

        // What is not accounted for was under way on the dead worker: no more than its cameras had in flight.
        Assert.Equal(books!.Detections, books.DistinctDetections);
        Assert.InRange(books.Unaccounted, 0, 64);
        Assert.True(books.Reported >= 2, $"{books}");
    }
}
