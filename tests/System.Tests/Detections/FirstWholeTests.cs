using System.Globalization;
using System.Text.Json;

using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Detections;

/// <summary>A camera's picture flows through the cluster into PostgreSQL, and everything goes away again.</summary>
[Collection(WholeFleet.Name)]
public sealed class FirstWholeTests
{
    [Fact]
    public async Task A_cameras_pictures_become_detections_and_windows_whose_counts_agree_and_nothing_is_left_behind()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, "--no-samples");
        var site = await SampleSite.CreateAsync(fleet, cameras: 2);

        await fleet.WaitUntilAsync("every camera's detections are stored", TimeSpan.FromSeconds(30), async () =>
        {
            var (code, count) = await fleet.CommandAsync("psql", "-Atc", "SELECT count(DISTINCT camera_id) FROM detections WHERE class_name = 'worker' AND confidence >= 0.6");
            Assert.Equal(0, code);
            return int.Parse(count.Trim(), CultureInfo.InvariantCulture) == site.Cameras.Count;
        });
        await AssertServedAsync(fleet, site);

        await site.TerminateAsync();
        WindowBooks? books = null;
        await fleet.WaitUntilAsync("windows and detections agree", TimeSpan.FromSeconds(30), async () =>
        {
            books = await WindowBooks.ReadAsync(fleet.Database, site.Deployment);
            return books.Detections == books.WindowDetections && books.Unaccounted == 0;
        });
        Assert.True(books!.Detections > 0 && books.Decoded > 0 && books.Inferred > 0, $"{books}");
        Assert.Equal(books.Detections, books.DistinctDetections);

        Assert.NotEmpty(fleet.LivingProcesses());
        Assert.Equal(0, await fleet.StopAsync());
        Assert.Empty(fleet.LivingProcesses());
    }

    private static async Task AssertServedAsync(FleetUnderTest fleet, SampleSite site)
    {
        using var page = JsonDocument.Parse(
            await fleet.Api.GetStringAsync($"api/zm/cameras/{site.Cameras[0]}/ai-detections?limit=5&min_confidence=0.6&class=worker"));
        var items = page.RootElement.GetProperty("items");
        Assert.True(items.GetArrayLength() is > 0 and <= 5);
        Assert.All(items.EnumerateArray(), item =>
        {
            Assert.Equal("worker", item.GetProperty("class_name").GetString());
            Assert.True(item.GetProperty("confidence").GetDouble() >= 0.6);
        });

        await fleet.WaitUntilAsync("the window's row is there", TimeSpan.FromSeconds(30), async () =>
        {
            using var windows = JsonDocument.Parse(await fleet.Api.GetStringAsync($"api/admin/deployments/{site.Deployment}/metrics"));
            return windows.RootElement.GetProperty("items").GetArrayLength() > 0;
        });

        var picture = await fleet.Api.GetByteArrayAsync($"api/admin/cameras/{site.Cameras[0]}/live.jpg");
        Assert.Equal([0xFF, 0xD8], picture[..2]);

        Assert.Contains("Orleans", await fleet.Api.GetStringAsync("orleans/"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("orleans_", await fleet.Api.GetStringAsync("metrics"), StringComparison.Ordinal);
        using var console = new HttpClient();
        Assert.Contains("MudBlazor", await console.GetStringAsync(new Uri(fleet.Console, "sign-in")), StringComparison.Ordinal);
    }
}
