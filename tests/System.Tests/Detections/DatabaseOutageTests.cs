using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Detections;

/// <summary>PostgreSQL goes away under load and comes back.</summary>
[Collection(WholeFleet.Name)]
public sealed class DatabaseOutageTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Thirty_seconds_without_a_database_lose_no_detection_and_double_none()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, "--no-samples");
        var site = await SampleSite.CreateAsync(fleet, cameras: 2);
        var before = (await site.StatusesAsync())!.Sum(camera => camera.FramesInferred);

        await fleet.Postgres.StopAsync();
        await Task.Delay(Outage);
        await fleet.Postgres.StartAsync();

        await fleet.WaitUntilAsync("the fleet answers again and goes on", TimeSpan.FromMinutes(1), async () =>
            await site.StatusesAsync() is { Count: 2 } now && now.Sum(camera => camera.FramesInferred) > before);
        var after = (await site.StatusesAsync())!;
        var running = after.Sum(camera => camera.Detections);
        await site.TerminateAsync();
        WindowBooks? books = null;
        await fleet.WaitUntilAsync("windows and detections agree", TimeSpan.FromMinutes(2), async () =>
        {
            books = await WindowBooks.ReadAsync(fleet.Database, site.Deployment);
            return books.Detections == books.WindowDetections && books.Unaccounted == 0 && books.Detections >= running;
        });

        Assert.Equal(books!.Detections, books.DistinctDetections);
        Assert.True(await CountDuringOutageAsync(fleet, site) > 0, "no detection of the time without a database was stored");
    }

    // Seconds in which at least one detection's frame was taken: an outage that lost frames would leave a hole.
    private static async Task<long> CountDuringOutageAsync(FleetUnderTest fleet, SampleSite site)
    {
        await using var command = fleet.Database.CreateCommand("""
            WITH seconds AS (SELECT DISTINCT date_trunc('second', frame_time) AS second FROM detections WHERE deployment_id = $1),
                 gaps AS (SELECT second - lag(second) OVER (ORDER BY second) AS gap FROM seconds)
            SELECT count(*) FROM seconds WHERE NOT EXISTS (SELECT 1 FROM gaps WHERE gap > interval '10 seconds')
            """);
        command.Parameters.AddWithValue(site.Deployment);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
