using FsCheck.Xunit;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;

using static OrleansAiFleet.Grains.Tests.Deployments.Scaling.Claims;

namespace OrleansAiFleet.Grains.Tests.Deployments.Scaling;

public sealed class PlacementPolicyTests
{
    [Fact]
    public void Instances_go_to_workers_with_the_fewest()
    {
        var plan = Place([Claim(1, wanted: 2), Claim(2, wanted: 1, on: 1), Claim(3)], Worker(1), Worker(2), Worker(3));

        Assert.Equal(["worker-2", "worker-3"], Names(plan, 1));
        Assert.Equal(["worker-1"], Names(plan, 2));
        Assert.Empty(plan.Refusals);
    }

    [Fact]
    public void Who_is_placed_stays_though_another_place_would_be_better() => Assert.Equal(
        ["worker-1"],
        Names(Place([Claim(1, on: 1), Claim(2, on: 1)], Worker(1), Worker(2, memory: 100)), 1));

    [Fact]
    public void Fewer_wanted_leave_the_fullest_worker()
    {
        var plan = Place([Claim(1, wanted: 1, on: [1, 2]), Claim(2, on: 1)], Worker(1), Worker(2));

        Assert.Equal(["worker-2"], Names(plan, 1));
    }

    [Fact]
    public void Lost_worker_has_its_instances_placed_elsewhere()
    {
        var plan = Place([Claim(1, wanted: 2, on: [1, 2])], Worker(1), Worker(3));

        Assert.Equal(["worker-1", "worker-3"], Names(plan, 1));
    }

    [Fact]
    public void Memory_bounds_and_the_refusal_says_what_is_missing_and_where_it_would_fit()
    {
        var plan = Place(
            [Claim(1, memory: 6.8m, on: 1), Claim(2, memory: 7.5m, on: 2), Claim(3, memory: 2.5m)], Worker(1), Worker(2));

        Assert.Empty(Names(plan, 3));
        Assert.Equal(
            "It wants 1 instance and has 0: 2.5 GB of GPU memory is free on no other worker (worker-1: 1.2 GB, 4 cores; worker-2: 0.5 GB, 4 cores). "
            + "It would fit on worker-1 with 1.3 GB of GPU memory more.",
            plan.Refusals[Id(3)]);
    }

    [Fact]
    public void Refusal_names_who_is_less_urgent_in_the_best_place()
    {
        var plan = Place(
            [Claim(1, memory: 7, on: 1), Claim(3, memory: 2.5m, priority: PriorityLevel.High)], Worker(1));

        Assert.EndsWith("It would fit on worker-1 without 'deployment 1', which is less urgent.", plan.Refusals[Id(3)], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "no worker is up. Start one.")]
    [InlineData(1, "a worker holds a model once, and all 1 hold it. Start another worker.")]
    public void Refusal_where_workers_are_missing(int workers, string end)
    {
        var plan = Place([Claim(1, wanted: 2)], [.. Enumerable.Range(1, workers).Select(i => Worker(i))]);

        Assert.EndsWith(end, plan.Refusals[Id(1)], StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_where_no_worker_is_large_enough() => Assert.Contains(
        "12 GB of memory is more than any other worker has at all (worker-1: 8 GB, 4 cores)",
        Place([Claim(1, memory: 12)], Worker(1, gpu: false)).Refusals[Id(1)],
        StringComparison.Ordinal);

    [Fact]
    public void Cores_bound_as_memory_does()
    {
        InstanceClaim[] claims = [Claim(1) with { Need = new() { Cores = 3 } }, Claim(2) with { Need = new() { Cores = 2 } }];

        var plan = Place(claims, Worker(1));

        Assert.Equal(["worker-1"], Names(plan, 1));
        Assert.Contains("2 cores is free on no other worker", plan.Refusals[Id(2)], StringComparison.Ordinal);
        Assert.EndsWith("with 1 core more.", plan.Refusals[Id(2)], StringComparison.Ordinal);
    }

    [Fact]
    public void Deployments_of_one_version_share_its_memory_on_a_worker()
    {
        var plan = Place([Claim(1, memory: 6, model: 7, on: 1), Claim(2, memory: 6, model: 7)], Worker(1));

        Assert.Equal(["worker-1"], Names(plan, 2));
    }

    [Fact]
    public void What_workers_hold_for_others_counts()
    {
        var plan = PlacementPolicy.Place(
            [Claim(1, memory: 3)], [Worker(1), Worker(2)], [(Worker(1).Silo, Guid.NewGuid(), new() { GpuMemoryGb = 6 })], spreads: false);

        Assert.Equal(["worker-2"], Names(plan, 1));
    }

    [Theory]
    [InlineData(PriorityLevel.Critical, PriorityLevel.Low, true)]
    [InlineData(PriorityLevel.Critical, PriorityLevel.Medium, false)]
    [InlineData(PriorityLevel.High, PriorityLevel.Low, false)]
    [InlineData(PriorityLevel.Low, PriorityLevel.Low, false)]
    public void Critical_takes_the_room_of_low_and_nobody_else_anybodys(PriorityLevel by, PriorityLevel whom, bool gives)
    {
        var plan = Place(
            [Claim(1, memory: 6, priority: whom, keepsOne: false, on: 1), Claim(2, memory: 6, priority: by)], Worker(1));

        Assert.Equal(gives, Names(plan, 2).Length == 1);
        Assert.Equal(gives, plan.Displacements is [{ Where.Name: "worker-1" }]);
        Assert.Equal(gives, plan.Refusals.ContainsKey(Id(1)));
        Assert.Equal(!gives, plan.Refusals.ContainsKey(Id(2)));
    }

    [Fact]
    public void Who_gave_way_comes_back_when_there_is_room()
    {
        var low = Claim(1, memory: 6, priority: PriorityLevel.Low, keepsOne: false);
        var critical = Claim(2, memory: 6, priority: PriorityLevel.Critical, on: 1);

        Assert.Empty(Names(Place([low, critical], Worker(1)), 1));
        Assert.Equal(["worker-2"], Names(Place([low, critical], Worker(1), Worker(2)), 1));
    }

    [Fact]
    public void Nobody_takes_the_last_instance_that_cameras_rely_on()
    {
        var one = Place([Claim(1, memory: 6, priority: PriorityLevel.Low, on: 1), Claim(2, memory: 6, priority: PriorityLevel.Critical)], Worker(1));
        Assert.Equal(["worker-1"], Names(one, 1));
        Assert.Empty(one.Displacements);

        var two = Place(
            [Claim(1, wanted: 2, memory: 6, priority: PriorityLevel.Low, on: [1, 2]), Claim(2, memory: 6, priority: PriorityLevel.Critical)],
            Worker(1),
            Worker(2));
        Assert.Single(Names(two, 1));
        Assert.Single(Names(two, 2));
    }

    [Fact]
    public void Nobody_gives_way_in_vain()
    {
        var plan = Place(
            [
                Claim(1, memory: 5, priority: PriorityLevel.High, on: 1), Claim(2, memory: 1, priority: PriorityLevel.Low, keepsOne: false, on: 1),
                Claim(3, memory: 6, priority: PriorityLevel.Critical),
            ],
            Worker(1));

        Assert.Equal(["worker-1"], Names(plan, 2));
        Assert.True(plan.Refusals.ContainsKey(Id(3)));
    }

    [Fact]
    public void New_worker_takes_instances_one_at_a_time_until_the_fleet_is_even()
    {
        InstanceClaim[] claims = [.. Enumerable.Range(1, 4).Select(i => Claim(i, on: 1))];
        WorkerCapacity[] workers = [Worker(1), Worker(2)];
        List<int> moved = [];
        for (var round = 0; round < 4; round++)
        {
            var plan = PlacementPolicy.Place(claims, workers, [], spreads: true);
            moved.Add(claims.Count(claim => !claim.Workers.SequenceEqual(Silos(plan, claim))));
            claims = [.. claims.Select(claim => claim with { Workers = Silos(plan, claim) })];
        }

        Assert.Equal([1, 1, 0, 0], moved);
        Assert.Equal(2, claims.Count(claim => claim.Workers[0] == Worker(2).Silo));
    }

    [Fact]
    public void Worker_that_has_not_said_what_it_has_keeps_and_gets_nothing()
    {
        var silent = Worker(1, memory: 0, cores: 0) with { IsSilent = true };

        var plan = Place([Claim(1, on: 1), Claim(2, memory: 0)], silent);

        Assert.Equal(["worker-1"], Names(plan, 1));
        Assert.Empty(Names(plan, 2));
    }

    [Fact]
    public void Worker_that_could_not_load_it_keeps_and_gets_nothing_of_it()
    {
        var plan = Place([Claim(1, on: 1) with { Avoids = [Worker(1).Silo] }, Claim(2, wanted: 2) with { Avoids = [Worker(1).Silo] }], Worker(1), Worker(2));

        Assert.Equal(["worker-2"], Names(plan, 1));
        Assert.Equal(["worker-2"], Names(plan, 2));
        Assert.EndsWith("worker-1 cannot load it or does not answer: the log of the worker says more.", plan.Refusals[Id(2)], StringComparison.Ordinal);
    }

    [Property(MaxTest = 500)]
    public void Plans_keep_to_what_there_is_and_are_at_rest(int seed)
    {
        var random = new Random(seed);
        WorkerCapacity[] workers = [.. Enumerable.Range(1, random.Next(0, 5)).Select(i => Worker(i, memory: random.Next(1, 12)))];
        InstanceClaim[] claims = [.. Enumerable.Range(1, random.Next(1, 8)).Select(i => Claim(
            i, random.Next(0, 4), random.Next(0, 8), (PriorityLevel)random.Next(4), random.Next(2) == 0))];

        var plan = PlacementPolicy.Place(claims, workers, [], spreads: false);

        foreach (var claim in claims)
        {
            Assert.InRange(plan.Workers[claim.DeploymentId].Count, 0, claim.Wanted);
            Assert.Equal(plan.Workers[claim.DeploymentId].Count, plan.Workers[claim.DeploymentId].Distinct().Count());
            Assert.Equal(plan.Workers[claim.DeploymentId].Count < claim.Wanted, plan.Refusals.ContainsKey(claim.DeploymentId));
        }

        Assert.All(workers, worker => Assert.True(
            claims.Where(claim => plan.Workers[claim.DeploymentId].Contains(worker)).Sum(claim => claim.Need.GpuMemoryGb) <= worker.MemoryGb));

        // The same question once more, now that all are where they are to be, moves nobody.
        InstanceClaim[] placed = [.. claims.Select(claim => claim with { Workers = Silos(plan, claim) })];
        var again = PlacementPolicy.Place(placed, workers, [], spreads: false);
        Assert.All(placed, claim => Assert.Equal(Silos(plan, claim).Order(), Silos(again, claim).Order()));
    }

    private static PlacementPlan Place(InstanceClaim[] claims, params WorkerCapacity[] workers) =>
        PlacementPolicy.Place(claims, workers, [], spreads: false);

    private static string[] Names(PlacementPlan plan, int claim) => [.. plan.Workers[Id(claim)].Select(worker => worker.Name)];

    private static string[] Silos(PlacementPlan plan, InstanceClaim claim) => [.. plan.Workers[claim.DeploymentId].Select(worker => worker.Silo)];
}
