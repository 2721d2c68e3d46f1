using OrleansAiFleet.Cameras;
using OrleansAiFleet.Grains.Tests.Fleet;

namespace OrleansAiFleet.Grains.Tests.Cameras;

public sealed class CameraSupervisorGrainTests
{
    [Fact]
    public async Task Every_wanted_camera_is_given_its_plan_and_a_changed_plan_again()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        cluster.Plans.Want(WantedPlans.PlanFor(1), WantedPlans.PlanFor(2));
        await Supervisor(cluster).Refresh();
        await cluster.Passing(() => Runs(cluster, "1", 1, 2), "both cameras run");

        cluster.Plans.Want(WantedPlans.PlanFor(1), WantedPlans.PlanFor(2, revision: "2"));
        await Supervisor(cluster).Refresh();

        await cluster.Passing(() => Runs(cluster, "2", 2), "camera 2 runs to its new plan");
        Assert.All(await Supervisor(cluster).GetStatuses(), status => Assert.Equal(StreamState.Running, status.State));
    }

    [Fact]
    public async Task More_cameras_than_are_called_at_a_time_all_get_their_plans_in_one_round()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        int[] cameras = [.. Enumerable.Range(1, 600)];
        cluster.Plans.Want([.. cameras.Select(number => WantedPlans.PlanFor(number))]);

        // The clock stands still: no other round comes, and none ends early however slow the machine is.
        await Supervisor(cluster).Refresh();
        CameraStatus[] statuses = [];
        await WaitUntil.True(
            async () => (statuses = await Statuses(cluster)).Count(status => status.State == StreamState.Running) == cameras.Length, "all have answered");

        Assert.Equal(cameras.Length, statuses.Length);
        Assert.True(await Runs(cluster, "1", cameras));
    }

    [Fact]
    public async Task Camera_that_nobody_wants_any_more_is_stopped()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        cluster.Plans.Want(WantedPlans.PlanFor(1), WantedPlans.PlanFor(2));
        await cluster.Passing(() => Runs(cluster, "1", 1, 2), "both cameras run");

        cluster.Plans.Want(WantedPlans.PlanFor(2));

        await cluster.Passing(() => Task.FromResult(cluster.Streams.Running.Count == 1), "camera 1 is stopped");
        var status = Assert.Single(await Supervisor(cluster).GetStatuses());
        Assert.Equal("camera 2", status.Name);
    }

    [Fact]
    public async Task New_cameras_spread_evenly_over_the_workers()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 2);

        cluster.Plans.Want([.. Enumerable.Range(1, 6).Select(number => WantedPlans.PlanFor(number))]);
        await Supervisor(cluster).Refresh();
        await cluster.Passing(() => Runs(cluster, "1", 1, 2, 3, 4, 5, 6), "all cameras run");

        Assert.Equal([3, 3], cluster.Streams.Running.Values.GroupBy(run => run.Silo).Select(worker => worker.Count()));
    }

    [Fact]
    public async Task Cameras_of_a_killed_worker_run_on_the_other_one()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 2);
        cluster.Plans.Want([.. Enumerable.Range(1, 4).Select(number => WantedPlans.PlanFor(number))]);
        await cluster.Passing(() => Runs(cluster, "1", 1, 2, 3, 4), "all cameras run");
        var victim = cluster.Streams.Running[WantedPlans.PlanFor(1).Camera.Id].Silo;

        await cluster.KillAsync(victim);

        await cluster.Passing(
            () => Task.FromResult(cluster.Streams.Running.Values.All(run => !run.Silo.Equals(victim))),
            "every camera runs on the surviving worker");
        await cluster.Passing(
            async () => (await Supervisor(cluster).GetStatuses()).All(status => status.State == StreamState.Running),
            "every camera is said to run");
    }

    [Fact]
    public async Task Without_a_worker_a_camera_says_so_and_runs_once_one_joins()
    {
        await using var cluster = await ControlCluster.StartAsync();
        cluster.Plans.Want(WantedPlans.PlanFor(1));
        await Supervisor(cluster).Refresh();
        await cluster.Passing(async () => (await Statuses(cluster)).Length == 1, "the camera is known");
        var status = Assert.Single(await Statuses(cluster));
        Assert.Equal((StreamState.Reconnecting, "no worker is up"), (status.State, status.Problem));

        await cluster.StartWorkerAsync();

        await cluster.Passing(() => Runs(cluster, "1", 1), "the camera runs");
        await cluster.Passing(
            async () => Assert.Single(await Statuses(cluster)).Problem is null, "its problem is forgotten");
    }

    [Fact]
    public async Task Last_worker_killed_leaves_the_reason_and_the_next_one_takes_over()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        cluster.Plans.Want(WantedPlans.PlanFor(1));
        await cluster.Passing(() => Runs(cluster, "1", 1), "the camera runs");

        await cluster.KillAsync(cluster.Streams.Running.Values.Single().Silo);
        await cluster.Passing(
            async () => Assert.Single(await Statuses(cluster)).Problem == "no worker is up", "the reason is said");

        var next = await cluster.StartWorkerAsync();
        await cluster.Passing(
            () => Task.FromResult(cluster.Streams.Running.Values.Single().Silo.Equals(next)), "the next worker runs it");
    }

    [Fact]
    public async Task Supervisor_of_a_killed_silo_lives_on_elsewhere_and_stops_what_it_did_not_start()
    {
        await using var cluster = await ControlCluster.StartAsync(control: 2, workers: 1);
        cluster.Plans.Want(WantedPlans.PlanFor(1), WantedPlans.PlanFor(2));
        await cluster.Passing(() => Runs(cluster, "1", 1, 2), "both cameras run");
        var first = await cluster.WhereIs(Supervisor(cluster));
        cluster.Plans.Break(new TimeoutException("the database is away"));
        cluster.Plans.Want(WantedPlans.PlanFor(2));

        await cluster.KillAsync(first!);
        cluster.Plans.Break(null);

        await cluster.Passing(
            () => Task.FromResult(cluster.Streams.Running.Keys.SequenceEqual([WantedPlans.PlanFor(2).Camera.Id])),
            "the new supervisor stops camera 1");
        Assert.NotEqual(first, await cluster.WhereIs(Supervisor(cluster)));
    }

    [Fact]
    public async Task Unreadable_plans_leave_cameras_running()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        cluster.Plans.Want(WantedPlans.PlanFor(1));
        await cluster.Passing(() => Runs(cluster, "1", 1), "the camera runs");

        cluster.Plans.Break(new TimeoutException("the database is away"));
        cluster.Streams.Running.Clear();

        await cluster.Passing(() => Runs(cluster, "1", 1), "the camera is given its last plan again");
    }

    [Fact]
    public async Task Stream_that_hangs_is_named_and_holds_up_no_other()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var hanging = new TaskCompletionSource();
        cluster.Streams.Hanging[WantedPlans.PlanFor(1).Camera.Id] = hanging;
        cluster.Plans.Want(WantedPlans.PlanFor(1), WantedPlans.PlanFor(2));

        await cluster.Passing(
            async () => (await Statuses(cluster)).Any(status => status.Problem == "its worker does not answer"),
            "the hanging camera is named");

        await cluster.Passing(
            async () => (await Statuses(cluster)).Any(
                status => status is { Name: "camera 2", State: StreamState.Running }),
            "the other runs");

        hanging.SetResult();
        await cluster.Passing(() => Runs(cluster, "1", 1, 2), "it runs once it answers");
    }

    [Fact]
    public async Task Stream_that_hangs_keeps_no_other_from_its_changed_plan()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var hanging = new TaskCompletionSource();
        cluster.Streams.Hanging[WantedPlans.PlanFor(1).Camera.Id] = hanging;
        cluster.Plans.Want(WantedPlans.PlanFor(1), WantedPlans.PlanFor(2));
        await Supervisor(cluster).Refresh();
        await WaitUntil.True(() => Runs(cluster, "1", 2), "the other runs");

        // The clock stands still: no time-out ends the round.
        cluster.Plans.Want(WantedPlans.PlanFor(1), WantedPlans.PlanFor(2, revision: "2"));
        await Supervisor(cluster).Refresh();

        await WaitUntil.True(() => Runs(cluster, "2", 2), "the other has its new plan");
        hanging.SetResult();
    }

    [Fact]
    public async Task Stream_that_hangs_holds_its_own_place_and_all_others_are_called()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        var hanging = new TaskCompletionSource();
        cluster.Streams.Hanging[WantedPlans.PlanFor(1).Camera.Id] = hanging;
        int[] cameras = [.. Enumerable.Range(1, 600)];
        cluster.Plans.Want([.. cameras.Select(number => WantedPlans.PlanFor(number))]);

        // As before: in one round, however many are called at a time.
        await Supervisor(cluster).Refresh();

        await WaitUntil.True(() => Runs(cluster, "1", cameras[1..]), "all others run");
        hanging.SetResult();
    }

    [Fact]
    public async Task Foreign_failure_is_told_without_its_message()
    {
        await using var cluster = await ControlCluster.StartAsync(workers: 1);
        cluster.Streams.Broken[WantedPlans.PlanFor(1).Camera.Id] =
            new InvalidOperationException("cannot open rtsp://admin:secret@10.0.0.1");
        cluster.Plans.Want(WantedPlans.PlanFor(1));

        await cluster.Passing(
            async () => (await Statuses(cluster)) is [{ Problem: "its worker could not start it (InvalidOperationException)" }],
            "the kind of failure is said and nothing more");
    }

    private static ICameraSupervisorGrain Supervisor(ControlCluster cluster) =>
        cluster.Grains.GetGrain<ICameraSupervisorGrain>(0);

    private static Task<CameraStatus[]> Statuses(ControlCluster cluster) => Supervisor(cluster).GetStatuses();

    private static Task<bool> Runs(ControlCluster cluster, string revision, params int[] numbers) => Task.FromResult(
        numbers.All(number => cluster.Streams.Running.TryGetValue(WantedPlans.PlanFor(number).Camera.Id, out var run)
            && run.Revision == revision));
}
