using System.Diagnostics;

using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Deployments;

/// <summary>What cameras see arrives at a receiver outside, whoever dies meanwhile.</summary>
[Collection(WholeFleet.Name)]
public sealed class DestinationTests
{
    private const string Secret = "whsec-0123456789abcdef";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Fleet__Models__RequiredApprovals"] = "1",
        ["Fleet__Destinations__Networks__0"] = "127.0.0.0/8",
        ["Fleet__Destinations__TryTimeout"] = "00:00:02",
        ["Fleet__Destinations__Lease"] = "00:00:05",
        ["Fleet__Destinations__LongestBackoff"] = "00:00:03",
        ["Fleet__Destinations__CircuitOpen"] = "00:00:01",
    };

    [Fact]
    public async Task Every_detection_arrives_in_the_order_of_its_camera_though_the_receiver_goes_away_and_the_control_silo_is_killed()
    {
        await using var receiver = new SignedReceiver(Secret);
        await using var fleet = await FleetUnderTest.StartAsync(workers: 1, Settings, "--no-samples");
        var deployment = await DeployAsync(fleet, receiver.Address);
        await fleet.WaitUntilAsync("detections arrive", TimeSpan.FromMinutes(1), () => Task.FromResult(receiver.Arrived.Count > 20));

        await receiver.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(4));
        Process.GetProcessById(await fleet.ProcessIdOfAsync("silo")).Kill();
        var before = receiver.Arrived.Count;
        receiver.Start();
        await fleet.WaitUntilAsync("they arrive again", TimeSpan.FromMinutes(1), () => Task.FromResult(receiver.Arrived.Count > before + 20));

        await fleet.WaitUntilAsync("the deployment is ended", TimeSpan.FromMinutes(1), async () => await EndAsync(fleet, deployment));
        await fleet.WaitUntilAsync("nothing of it is under way", TimeSpan.FromMinutes(1), async () =>
            await fleet.ReadHealthAsync() is { Workers.Length: 1, Cameras.Length: 0 });
        await fleet.WaitUntilAsync("nothing waits and all that is stored arrived", TimeSpan.FromMinutes(1), async () =>
            await CountAsync(fleet, "SELECT count(*) FROM detection_outbox", deployment) == 0
            && await CountAsync(fleet, "SELECT count(*) FROM detections", deployment) == receiver.Arrived.Count);

        Assert.Equal(0, await CountAsync(fleet, "SELECT count(*) FROM detection_dead_letters", deployment));
        Assert.Equal(await StoredAsync(fleet, deployment), receiver.Arrived.Select(arrived => arrived.Id).ToHashSet());
        foreach (var camera in receiver.Arrived.GroupBy(arrived => arrived.Camera))
        {
            var times = camera.Select(arrived => arrived.FrameTime).ToArray();
            Assert.Equal(times.Order(), times);
        }

        Assert.Equal(2, receiver.Arrived.Select(arrived => arrived.Camera).Distinct().Count());
        Assert.Equal(0, receiver.Forged);
    }

    private static async Task<Guid> DeployAsync(FleetUnderTest fleet, Uri receiver)
    {
        var model = await SampleSite.PostAsync(fleet, "api/admin/ai-models", SampleSite.ModelForm("site-safety.onnx"));
        await SampleSite.ApproveAsync(fleet, model);
        var site = await SampleSite.PostAsync(fleet, "api/admin/sites", SampleSite.Json(new { name = "Site", time_zone = "UTC" }));
        for (var i = 1; i <= 2; i++)
        {
            await SampleSite.PostAsync(fleet, "api/admin/cameras", SampleSite.Json(new
            {
                site_id = site, name = $"Camera {i}", source_url = Path.Combine(SampleSite.Folder, "construction-site.mp4"), loop = true,
            }));
        }

        return await SampleSite.PostAsync(fleet, "api/admin/deployments", SampleSite.Json(new
        {
            model_id = model,
            site_id = site,
            deployment_name = "Gate",
            deployment_type = "production",
            processing_interval_seconds = 0,
            output_destinations = new[] { new { kind = "webhook", name = "control-room", url = receiver, secret = Secret, batch_size = 20 } },
        }));
    }

    // The control silo that was killed may still be on its way back.
    private static async Task<bool> EndAsync(FleetUnderTest fleet, Guid deployment)
    {
        try
        {
            using var answer = await fleet.Api.DeleteAsync($"api/admin/deployments/{deployment}");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<long> CountAsync(FleetUnderTest fleet, string sql, Guid deployment)
    {
        await using var command = fleet.Database.CreateCommand($"{sql} WHERE deployment_id = $1");
        command.Parameters.Add(new() { Value = deployment });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<HashSet<Guid>> StoredAsync(FleetUnderTest fleet, Guid deployment)
    {
        await using var command = fleet.Database.CreateCommand("SELECT id FROM detections WHERE deployment_id = $1");
        command.Parameters.Add(new() { Value = deployment });
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
