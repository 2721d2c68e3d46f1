using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.System.Tests.Fleet;

namespace OrleansAiFleet.System.Tests.Deployments;

/// <summary>Instances follow the load over real workers, and a deployment on demand wakes and sleeps.</summary>
[Collection(WholeFleet.Name)]
public sealed class ScalingTests
{
    private static readonly Dictionary<string, string> QuickWindows = new()
    {
        ["Fleet__Scaling__Interval"] = "00:00:01",
        ["Fleet__Scaling__UpWindow"] = "00:00:03",
        ["Fleet__Scaling__DownWindow"] = "00:00:04",
        ["Fleet__Scaling__Cooldown"] = "00:00:03",
        ["Fleet__Scaling__IdleAfter"] = "00:00:04",
        ["Fleet__Scaling__PanicQueueAge"] = "00:01:00",
    };

    [Fact]
    public async Task Load_rises_and_instances_spread_over_both_workers_it_falls_and_they_come_down_and_rows_say_why()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 2, QuickWindows, "--no-samples");
        var sample = await SampleSite.CreateAsync(fleet, cameras: 1);
        var picture = await fleet.Api.GetByteArrayAsync($"api/admin/cameras/{sample.Cameras[0]}/live.jpg");
        await ChangeAsync(fleet, sample.Deployment, new
        {
            auto_scaling_enabled = true, min_instances = 1, max_instances = 2, scale_up_threshold = 70, scale_down_threshold = 50,
            api_access_enabled = true, max_concurrent_requests = 100, rate_limit_requests_per_minute = 100_000,
        });
        await fleet.WaitUntilAsync("one worker holds it", TimeSpan.FromSeconds(20), async () =>
            await ReadAsync(fleet, sample.Deployment) is { Now: { IsScheduled: true, Instances: [{ State: InstanceState.Ready }] } });

        await using (Load(fleet, sample.Deployment, picture))
        {
            await fleet.WaitUntilAsync("both workers hold it", TimeSpan.FromSeconds(30), async () =>
                await ReadAsync(fleet, sample.Deployment) is { Now.Instances: [{ State: InstanceState.Ready }, { State: InstanceState.Ready }] });
            await fleet.WaitUntilAsync("both workers look", TimeSpan.FromSeconds(20), () => LookAsync(fleet));
        }

        await fleet.WaitUntilAsync("one worker holds it again", TimeSpan.FromSeconds(30), async () =>
            await ReadAsync(fleet, sample.Deployment) is { Now.Instances: [{ State: InstanceState.Ready }] });
        var decisions = (await ReadAsync(fleet, sample.Deployment)).Decisions;
        Assert.Equal([(2, 1), (1, 2), (0, 1)], decisions.Select(decision => (decision.FromInstances, decision.ToInstances)));
        Assert.Contains("below 50", decisions[0].Reason, StringComparison.Ordinal);
        Assert.Contains("above 70", decisions[1].Reason, StringComparison.Ordinal);
        Assert.True(decisions[1].UtilizationPercent > 70 && decisions[0].UtilizationPercent < 50, JsonSerializer.Serialize(decisions));
        Assert.Equal(["worker-1", "worker-2"], decisions[1].Workers);
        Assert.All(decisions.Zip(decisions.Skip(1)), pair => Assert.True(pair.First.DecidedAt > pair.Second.DecidedAt));

        var camera = (await sample.StatusesAsync())!.Single();
        Assert.Equal((StreamState.Running, null), (camera.State, camera.Problem));
        var inferred = camera.FramesInferred;
        await fleet.WaitUntilAsync("the camera is served all the same", TimeSpan.FromSeconds(10), async () =>
            (await sample.StatusesAsync())!.Single().FramesInferred > inferred);
    }

    [Fact]
    public async Task On_demand_wakes_with_a_request_and_sleeps_and_cameras_outlive_the_worker_that_held_their_model()
    {
        await using var fleet = await FleetUnderTest.StartAsync(workers: 2, QuickWindows, "--no-samples");
        var sample = await SampleSite.CreateAsync(fleet, cameras: 2);
        var picture = await fleet.Api.GetByteArrayAsync($"api/admin/cameras/{sample.Cameras[0]}/live.jpg");
        var onDemand = await DeployOnDemandAsync(fleet, sample.Deployment);
        Assert.True((await ReadAsync(fleet, onDemand)).Now is { Wanted: 0, Instances: [] });

        await SendAsync(fleet, onDemand, picture);
        await fleet.WaitUntilAsync("its start was measured", TimeSpan.FromSeconds(10), async () =>
            (await ReadAsync(fleet, onDemand)).Decisions is [{ FromInstances: 0, ToInstances: 1, ColdStartMilliseconds: > 0 }]);
        await fleet.WaitUntilAsync("it sleeps", TimeSpan.FromSeconds(20), async () =>
            await ReadAsync(fleet, onDemand) is { Now: { IsAsleep: true, Instances: [] }, Decisions: [{ ToInstances: 0 }, ..] });

        await ChangeAsync(fleet, sample.Deployment, new { auto_scaling_enabled = true, min_instances = 1, max_instances = 1 });
        await fleet.WaitUntilAsync("one worker holds the cameras' model and the other lets go of it", TimeSpan.FromSeconds(20), async () =>
            await ReadAsync(fleet, sample.Deployment) is { Now.Instances: [{ State: InstanceState.Ready }] });
        var holder = (await ReadAsync(fleet, sample.Deployment)).Now.Instances[0];
        await AllServedAsync(fleet, sample);

        Process.GetProcessById(await fleet.ProcessIdOfAsync(holder.Worker)).Kill();
        await fleet.WaitUntilAsync("the instance moved", TimeSpan.FromSeconds(30), async () =>
            await ReadAsync(fleet, sample.Deployment) is { Now.Instances: [{ State: InstanceState.Ready } now] } && now.Silo != holder.Silo);
        Assert.Contains($"{holder.Worker} went away.", (await ReadAsync(fleet, sample.Deployment)).Decisions[0].Reason, StringComparison.Ordinal);
        await AllServedAsync(fleet, sample);
    }

    // Frames of every camera are inferred between two looks.
    private static async Task AllServedAsync(FleetUnderTest fleet, SampleSite sample)
    {
        IReadOnlyList<CameraStatus> before = [];
        await fleet.WaitUntilAsync("every camera answers", TimeSpan.FromSeconds(30), async () =>
            (before = await sample.StatusesAsync() ?? []).Count == sample.Cameras.Count);
        await fleet.WaitUntilAsync("every camera is served", TimeSpan.FromSeconds(30), async () =>
            await sample.StatusesAsync() is { } now && before.All(was => now.Any(camera => camera.CameraId == was.CameraId && WasServed(was, camera))));
    }

    // A stream that was started anew counts anew.
    private static bool WasServed(CameraStatus before, CameraStatus now) => now.State == StreamState.Running
        && now.FramesInferred > (now.StartedAt > before.StartedAt ? 0 : before.FramesInferred);

    private static async Task<Guid> DeployOnDemandAsync(FleetUnderTest fleet, Guid like)
    {
        using var row = JsonDocument.Parse(await fleet.Api.GetStringAsync($"api/admin/deployments/{like}"));
        var id = await SampleSite.PostAsync(fleet, "api/admin/deployments", SampleSite.Json(new
        {
            model_id = row.RootElement.GetProperty("model_id").GetGuid(),
            site_id = row.RootElement.GetProperty("site_id").GetGuid(),
            deployment_name = "On demand",
            deployment_type = "testing",
            deployment_strategy = "on_demand",
            batch_size = 1,
            api_access_enabled = true,
        }));
        await fleet.WaitUntilAsync("the scheduler knows it", TimeSpan.FromSeconds(10), async () =>
            await ReadAsync(fleet, id) is { Now: { IsScheduled: true, IsAsleep: true } });
        return id;
    }

    private static async Task SendAsync(FleetUnderTest fleet, Guid deployment, byte[] picture)
    {
        using var body = new ByteArrayContent(picture);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var answer = await fleet.Api.PostAsync($"api/inference/{deployment}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task ChangeAsync<T>(FleetUnderTest fleet, Guid deployment, T change)
    {
        using var current = await fleet.Api.GetAsync($"api/admin/deployments/{deployment}");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"api/admin/deployments/{deployment}") { Content = SampleSite.Json(change) };
        request.Headers.IfMatch.Add(current.Headers.ETag!);
        using var answer = await fleet.Api.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<Scaling> ReadAsync(FleetUnderTest fleet, Guid deployment) => JsonSerializer.Deserialize<Scaling>(
        await fleet.Api.GetStringAsync($"api/admin/deployments/{deployment}/scaling"), FleetJson.Options)!;

    // Counters of the model on both workers rise between two looks.
    private static async Task<bool> LookAsync(FleetUnderTest fleet)
    {
        var before = (await fleet.ReadHealthAsync())!.Workers.ToDictionary(worker => worker.Silo, CountOf);
        await Task.Delay(500);
        var after = (await fleet.ReadHealthAsync())!.Workers;
        return after.Length == 2 && after.All(worker => CountOf(worker) > before.GetValueOrDefault(worker.Silo, long.MaxValue));
    }

    private static long CountOf(WorkerStatus worker) => worker.Models.Sum(model => model.InferenceCount);

    private static CallersAtWork Load(FleetUnderTest fleet, Guid deployment, byte[] picture) => new(fleet.Api, deployment, picture);

    private sealed record Scaling(ScalingStatus Now, ScalingDecision[] Decisions);

    /// <summary>Callers that send pictures one after the other until they are disposed of.</summary>
    private sealed class CallersAtWork : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task[] _callers;
        private readonly ConcurrentBag<string> _refusals = [];

        public CallersAtWork(HttpClient api, Guid deployment, byte[] picture)
        {
            _callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => CallAsync(api, deployment, picture)))];
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_callers);
            _stop.Dispose();
            Assert.Empty(_refusals);
        }

        private async Task CallAsync(HttpClient api, Guid deployment, byte[] picture)
        {
            try
            {
                while (!_stop.IsCancellationRequested)
                {
                    using var body = new MultipartFormDataContent();
                    for (var i = 0; i < 8; i++)
                    {
                        var part = new ByteArrayContent(picture);
                        part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
                        body.Add(part, $"{i}", $"{i}.jpg");
                    }

                    using var answer = await api.PostAsync($"api/inference/{deployment}", body, _stop.Token);
                    if (!answer.IsSuccessStatusCode)
                    {
                        _refusals.Add($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                    }
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The load ends.
            }
        }
    }
}
