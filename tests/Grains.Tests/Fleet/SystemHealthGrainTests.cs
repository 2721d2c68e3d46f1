using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Cameras;

namespace OrleansAiFleet.Grains.Tests.Fleet;

public sealed class SystemHealthGrainTests
{
    [Fact]
    public async Task Healthy_fleet_shows_silos_workers_and_cameras()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        cluster.Plans.Want(WantedPlans.PlanFor(1));
        await cluster.Passing(
            async () => (await Check(cluster)) is { Status: HealthLevel.Healthy, Cameras.Length: 1 }, "all is well");

        var health = await Check(cluster);

        Assert.Empty(health.Reasons);
        Assert.Equal((2, 1), (health.Silos.Length, health.Workers.Length));
        Assert.Equal([health.Workers[0].Silo], health.Silos.Where(silo => silo.IsWorker).Select(silo => silo.Silo));
    }

    [Fact]
    public async Task Worker_that_does_not_answer_is_left_out_and_named()
    {
        await using var cluster = await ControlCluster.StartAsync();
        var silent = await cluster.StartWorkerAsync();
        await cluster.StartWorkerAsync();
        cluster.Inference.Silent[silent] = true;

        var check = Check(cluster);
        await cluster.Passing(() => Task.FromResult(check.IsCompleted), "the check ends without the silent worker");
        var health = await check;

        Assert.Equal(HealthLevel.Degraded, health.Status);
        Assert.DoesNotContain(silent.ToParsableString(), health.Workers.Select(worker => worker.Silo));
        var name = health.Silos.Single(silo => silo.Silo == silent.ToParsableString()).Name;
        Assert.Contains($"Worker {name} does not answer.", health.Reasons);
    }

    private static Task<SystemHealth> Check(ControlCluster cluster) =>
        cluster.Grains.GetGrain<ISystemHealthGrain>(0).Check();
}
