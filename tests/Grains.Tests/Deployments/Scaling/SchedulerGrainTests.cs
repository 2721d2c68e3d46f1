using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Grains.Tests.Deployments.Scaling;

public sealed class SchedulerGrainTests
{
    private static readonly InferenceLimits Limits = new(10, 100, TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Deployment_that_is_scaled_gets_a_worker_and_every_worker_is_told_where_its_frames_go()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 2);
        var deployment = Deploy(cluster);

        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "both workers know the one that holds it");

        var status = await StatusOf(cluster, deployment);
        Assert.Equal((true, 1, null), (status.IsScheduled, status.Wanted, status.Refusal));
        var instance = Assert.Single(status.Instances);
        Assert.Equal(InstanceState.Ready, instance.State);
        var holder = Assert.Single(cluster.Inference.Told, told => told.Value.Held.Length > 0);
        Assert.Equal((deployment.ModelId, instance.Silo), (holder.Value.Held[0].ModelId, holder.Key.ToParsableString()));
        Assert.Equal("min_instances is 1.", Assert.Single(cluster.Scaling.Decisions).Reason);
    }

    [Fact]
    public async Task Load_rises_instances_go_up_and_spread_it_falls_and_they_come_down_after_the_window()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 2);
        var deployment = Deploy(cluster, max: 3);
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "one worker holds it");

        cluster.Inference.Busy[deployment.ModelId] = 0.9;
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 2)), "two workers hold it");
        var up = cluster.Scaling.Decisions[1];
        Assert.Equal((1, 2, 2), (up.FromInstances, up.ToInstances, up.Wanted));
        Assert.Contains("above 80 all along", up.Reason, StringComparison.Ordinal);
        Assert.InRange(up.UtilizationPercent!.Value, 80, 100);
        Assert.Equal(2, up.Workers.Distinct().Count());

        // Two are busy as well, and there is no third worker.
        await cluster.Passing(
            async () => (await StatusOf(cluster, deployment)).Refusal?.Contains("Start another worker", StringComparison.Ordinal) is true,
            "it is said that a worker is missing");

        cluster.Inference.Busy[deployment.ModelId] = 0;
        var fell = cluster.Clock.GetUtcNow();
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "one worker holds it again");
        var down = cluster.Scaling.Decisions[^1];
        Assert.Equal((2, 1), (down.FromInstances, down.ToInstances));
        Assert.Contains("below 30 all along", down.Reason, StringComparison.Ordinal);
        Assert.True(down.DecidedAt - fell >= new ScalingOptions().DownWindow - TimeSpan.FromSeconds(10), $"{fell} {down}");
        await cluster.Passing(() => Task.FromResult(Holders(cluster, deployment).Length == 1), "the other one is told to let go");
    }

    [Fact]
    public async Task Lost_worker_has_its_instance_moved_and_nobody_is_routed_to_it()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 2);
        var deployment = Deploy(cluster);
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "one worker holds it");
        var victim = Holders(cluster, deployment).Single();

        await cluster.KillAsync(victim);
        cluster.Inference.Told.TryRemove(victim, out _);

        await cluster.Passing(() => Task.FromResult(Holders(cluster, deployment) is [var other] && !other.Equals(victim)), "the other one holds it");
        await cluster.Passing(
            () => Task.FromResult(cluster.Inference.Told.Values.All(told => !told.Routes.Any(route => route.Workers.Contains(victim.ToParsableString())))),
            "nobody is routed to the lost one");
        Assert.Contains("went away", cluster.Scaling.Decisions[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_worker_takes_over_and_the_old_one_serves_until_it_is_ready()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var deployments = new[] { Deploy(cluster), Deploy(cluster) };
        await cluster.Passing(() => Task.FromResult(deployments.All(each => Routed(cluster, each, workers: 1))), "one worker holds both");
        var old = Holders(cluster, deployments[0]).Single();

        var come = await cluster.StartWorkerAsync();
        cluster.Inference.Slow[come] = true;
        await cluster.Passing(
            () => Task.FromResult(deployments.Count(each => Holders(cluster, each).Contains(come)) == 1), "one of them is to be loaded there");
        var moved = deployments.Single(each => Holders(cluster, each).Contains(come));
        await cluster.Passing(async () => (await StatusOf(cluster, moved)).Instances.Length == 2, "the old one leaves");
        Assert.Contains("which holds fewer", cluster.Scaling.Decisions[^1].Reason, StringComparison.Ordinal);
        for (var second = 0; second < 20; second++)
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        Assert.All(cluster.Inference.Told.Values, told => Assert.Equal([old.ToParsableString()], RouteOf(told, moved)));
        Assert.Contains(old, Holders(cluster, moved));

        cluster.Inference.Slow.Clear();
        await cluster.Passing(
            () => Task.FromResult(cluster.Inference.Told.Values.All(told => RouteOf(told, moved).SequenceEqual([come.ToParsableString()]))),
            "the new one serves");
        await cluster.Passing(() => Task.FromResult(!Holders(cluster, moved).Contains(old)), "the old one lets go");
    }

    [Fact]
    public async Task Nobody_is_routed_where_nothing_is_ready()
    {
        await using var cluster = await ControlCluster.StartAsync();
        cluster.Inference.Slow[await cluster.StartWorkerAsync()] = true;
        var deployment = Deploy(cluster);

        await cluster.Passing(() => Task.FromResult(Holders(cluster, deployment).Length == 1), "a worker is told to load it");
        Assert.All(cluster.Inference.Told.Values, told => Assert.Empty(told.Routes));
        Assert.Equal(InstanceState.Loading, (await StatusOf(cluster, deployment)).Instances.Single().State);

        cluster.Inference.Slow.Clear();
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "it is routed");
    }

    [Fact]
    public async Task Worker_that_cannot_load_it_is_left_out_for_a_while_and_another_one_takes_it()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 2);
        var deployment = Deploy(cluster);
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "one worker holds it");
        var broken = Holders(cluster, deployment).Single();

        cluster.Inference.Slow[broken] = true;

        await cluster.Passing(() => Task.FromResult(Holders(cluster, deployment) is [var other] && !other.Equals(broken)), "another one has it");
        Assert.Matches("^.+ could not load it in time: the log of the worker says more. .+ takes its place.$", cluster.Scaling.Decisions[^1].Reason);
    }

    [Fact]
    public async Task Deployment_in_a_rollout_is_left_to_the_workers_and_said_to_be()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var deployment = Deploy(cluster);
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "one worker holds it");

        cluster.Scaling.Deploy(deployment with { IsInRollout = true });

        await cluster.Passing(() => Task.FromResult(cluster.Inference.Told.Values.All(told => told.Routes.Length == 0)), "its frames go as they like");
        Assert.StartsWith("It is in a rollout", cluster.Scaling.Decisions[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_that_another_deployment_runs_without_scaling_may_be_anywhere()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var deployment = Deploy(cluster);
        cluster.Scaling.Deploy(Claims.Deployment(autoscaled: false) with { ModelId = deployment.ModelId, Model = deployment.Model });

        await cluster.Passing(
            async () => (await StatusOf(cluster, deployment)).Instances is [{ State: InstanceState.Ready }], "its instance is ready");

        Assert.All(cluster.Inference.Told.Values, told => Assert.Empty(told.Routes));
    }

    [Fact]
    public async Task Scheduler_that_dies_goes_on_where_it_was_on_another_silo()
    {
        await using var cluster = await ControlCluster.StartAsync(control: 2, workers: 2);
        var deployment = Deploy(cluster);
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "one worker holds it");
        var before = cluster.Scaling.StateOf(deployment.Id)!;

        await cluster.KillAsync((await cluster.WhereIs(Scheduler(cluster)))!);
        cluster.Inference.Told.Clear();

        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "all workers are told again");
        Assert.Equal(before.Workers, cluster.Scaling.StateOf(deployment.Id)!.Workers);
        Assert.Single(cluster.Scaling.Decisions);
    }

    [Fact]
    public async Task Nothing_is_told_that_could_not_be_stored()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        cluster.Scaling.IsAway = true;
        var deployment = Deploy(cluster);
        for (var second = 0; second < 10; second++)
        {
            cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        Assert.Empty(Holders(cluster, deployment));

        cluster.Scaling.IsAway = false;
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "one worker holds it");
    }

    [Fact]
    public async Task On_demand_starts_with_the_first_request_and_sleeps_when_none_comes()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 2);
        var deployment = Deploy(cluster, onDemand: true);
        await cluster.Passing(async () => (await StatusOf(cluster, deployment)) is { IsScheduled: true, IsAsleep: true }, "it sleeps");

        var first = await Scheduler(cluster).Start(deployment.Id);
        var second = await Scheduler(cluster).Start(deployment.Id);
        Assert.True(first.IsColdStart);
        Assert.False(second.IsColdStart);
        Assert.Equal(Assert.Single(first.Workers), Assert.Single(second.Workers));
        Assert.Equal("A request came while it slept.", cluster.Scaling.Decisions[^1].Reason);
        await Scheduler(cluster).NoteColdStart(deployment.Id, 1234);
        Assert.Equal(1234, cluster.Scaling.Decisions[^1].ColdStartMilliseconds);

        // A call that is in keeps it awake however long it takes.
        var (call, gate) = (Guid.NewGuid(), cluster.Grains.GetGrain<IInferenceGateGrain>(deployment.Id));
        await gate.Enter(call, Limits with { PlaceFor = TimeSpan.FromHours(1) });
        for (var minute = 0; minute < 8; minute++)
        {
            cluster.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(20);
        }

        Assert.False((await StatusOf(cluster, deployment)).IsAsleep);
        await gate.Leave(call);
        await cluster.Passing(async () => (await StatusOf(cluster, deployment)).IsAsleep, "it sleeps again");
        Assert.Equal((1, 0), (cluster.Scaling.Decisions[^1].FromInstances, cluster.Scaling.Decisions[^1].ToInstances));
        Assert.True((await Scheduler(cluster).Start(deployment.Id)).IsColdStart);
    }

    [Fact]
    public async Task On_demand_that_finds_no_room_is_refused_with_the_reason()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var deployment = Claims.Deployment(onDemand: true) with { Need = new() { RamGb = 20 } };
        cluster.Scaling.Deploy(deployment);
        await cluster.Passing(async () => (await StatusOf(cluster, deployment)).IsScheduled, "it is known");

        var places = await Scheduler(cluster).Start(deployment.Id);

        Assert.Empty(places.Workers);
        Assert.Contains("20 GB of memory is more than any other worker has at all", places.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Critical_takes_the_room_of_one_on_demand_that_is_low_which_is_told_and_comes_back()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var low = Claims.Deployment(onDemand: true) with { Priority = PriorityLevel.Low, Need = new() { RamGb = 6 }, Name = "counting" };
        cluster.Scaling.Deploy(low);
        await cluster.Passing(async () => (await StatusOf(cluster, low)).IsScheduled, "it is known");
        await Scheduler(cluster).Start(low.Id);

        var critical = Claims.Deployment() with { Priority = PriorityLevel.Critical, Need = new() { RamGb = 6 }, Name = "falls" };
        cluster.Scaling.Deploy(critical);
        await cluster.Passing(() => Task.FromResult(Routed(cluster, critical, workers: 1)), "the critical one has the worker");
        var told = cluster.Scaling.Decisions.Last(decision => decision.DeploymentId == low.Id);
        Assert.Equal((1, 0), (told.FromInstances, told.ToInstances));
        Assert.Contains("gives way on", told.Reason, StringComparison.Ordinal);
        Assert.Contains("'falls', which is critical", told.Reason, StringComparison.Ordinal);

        cluster.Scaling.Terminate(critical.Id);
        await Scheduler(cluster).Start(low.Id);
        await cluster.Passing(async () => (await StatusOf(cluster, low)).Instances is [{ State: InstanceState.Ready }], "it is back");
        Assert.Contains("There is room on", cluster.Scaling.Decisions.Last(decision => decision.DeploymentId == low.Id).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_of_the_columns_has_effect_and_one_that_ends_is_held_nowhere()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 2);
        var deployment = Deploy(cluster);
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 1)), "one worker holds it");

        cluster.Scaling.Deploy(deployment with { MinInstances = 2 });
        await cluster.Passing(() => Task.FromResult(Routed(cluster, deployment, workers: 2)), "two workers hold it");
        Assert.Equal("min_instances is 2.", cluster.Scaling.Decisions[^1].Reason);

        // Nothing has changed since: nothing is decided.
        var decided = cluster.Scaling.Decisions.Count;
        var rounds = cluster.Clock.GetUtcNow().AddSeconds(20);
        await cluster.Passing(() => Task.FromResult(cluster.Clock.GetUtcNow() >= rounds), "rounds pass");
        Assert.Equal(decided, cluster.Scaling.Decisions.Count);

        cluster.Scaling.Terminate(deployment.Id);
        await cluster.Passing(() => Task.FromResult(cluster.Scaling.StateOf(deployment.Id)!.Workers.Length == 0), "it is placed nowhere");
        await cluster.Passing(() => Task.FromResult(Holders(cluster, deployment).Length == 0), "nobody is told to hold it");
    }

    private static ISchedulerGrain Scheduler(ControlCluster cluster) => cluster.Grains.GetGrain<ISchedulerGrain>(0);

    private static Task<ScalingStatus> StatusOf(ControlCluster cluster, ScaledDeployment deployment) => Scheduler(cluster).GetStatus(deployment.Id);

    private static ScaledDeployment Deploy(ControlCluster cluster, int max = 4, bool onDemand = false)
    {
        var deployment = Claims.Deployment(max: max, onDemand: onDemand);
        cluster.Scaling.Deploy(deployment);
        return deployment;
    }

    private static SiloAddress[] Holders(ControlCluster cluster, ScaledDeployment deployment) =>
        [.. cluster.Inference.Told.Where(told => told.Value.Held.Any(model => model.ModelId == deployment.ModelId)).Select(told => told.Key)];

    private static string[] RouteOf(WorkerInstances told, ScaledDeployment deployment) =>
        told.Routes.SingleOrDefault(route => route.ModelId == deployment.ModelId)?.Workers ?? [];

    private static bool Routed(ControlCluster cluster, ScaledDeployment deployment, int workers) =>
        !cluster.Inference.Told.IsEmpty && cluster.Inference.Told.Values.All(
            told => told.Routes.Any(route => route.ModelId == deployment.ModelId && route.Workers.Length == workers));
}
