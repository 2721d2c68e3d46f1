using FsCheck.Xunit;

using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class CameraSplitTests
{
    private static readonly Guid Rollout = new("00000000-0000-7000-8000-0000000000aa");

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 50, 0)]
    [InlineData(0, 100, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 50, 1)]
    [InlineData(1, 100, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(2, 99, 1)]
    [InlineData(3, 50, 2)]
    [InlineData(10, 0, 0)]
    [InlineData(10, 1, 1)]
    [InlineData(10, 25, 3)]
    [InlineData(10, 99, 9)]
    [InlineData(10, 100, 10)]
    [InlineData(4000, 1, 40)]
    public void A_weight_is_so_many_cameras(int cameras, int weight, int expected) => Assert.Equal(expected, CameraSplit.Count(cameras, weight));

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void A_weight_that_is_no_percentage_is_refused(int weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CameraSplit.Count(4, weight));

    [Property]
    public void A_larger_weight_only_adds_cameras(byte cameras, byte scenes, byte one, byte other)
    {
        var site = Site(cameras, scenes);
        var order = CameraSplit.Order(site, Rollout);
        var (less, more) = (Math.Min(one % 101, other % 101), Math.Max(one % 101, other % 101));

        var few = CameraSplit.Take(order, order, less);
        var many = CameraSplit.Take(order, order, more);

        Assert.Subset(many.ToHashSet(), few.ToHashSet());
        Assert.Equal(site.Select(camera => camera.Id).Order(), order.Order());
    }

    [Property]
    public void Every_scene_gives_its_share_to_within_one_camera(byte cameras, byte scenes, byte weight)
    {
        var site = Site(cameras, scenes);
        var order = CameraSplit.Order(site, Rollout);
        var taken = CameraSplit.Take(order, order, weight % 101);
        var share = site.Length == 0 ? 0 : (double)taken.Count / site.Length;

        Assert.All(site.GroupBy(camera => camera.Scene), scene =>
            Assert.InRange(scene.Count(camera => taken.Contains(camera.Id)), (scene.Count() * share) - 1, (scene.Count() * share) + 1));
    }

    // Scenes of every size beside each other: one that has nearly all cameras, and many that have one.
    [Property]
    public void However_many_scenes_there_are_no_beginning_of_the_order_is_a_whole_camera_off(byte[] sizes)
    {
        RolloutCamera[] site =
        [
            .. from scene in Enumerable.Range(0, Math.Min(sizes.Length, 30))
               from camera in Enumerable.Range(0, 1 + (sizes[scene] < 192 ? 0 : sizes[scene] - 192))
               select new RolloutCamera(new Guid(camera + 1, (short)scene, 7, new byte[8]), $"scene {scene}"),
        ];
        var order = CameraSplit.Order(site, Rollout);
        var sceneOf = site.ToDictionary(camera => camera.Id, camera => camera.Scene);
        var size = site.CountBy(camera => camera.Scene).ToDictionary();
        var given = size.Keys.ToDictionary(scene => scene, _ => 0);

        for (var place = 1; place <= order.Count; place++)
        {
            given[sceneOf[order[place - 1]]]++;
            Assert.All(size, scene => Assert.True(
                Math.Abs(given[scene.Key] - ((double)scene.Value * place / order.Count)) < 1, $"{scene}: {given[scene.Key]} of the first {place}"));
        }

        Assert.Equal(size.OrderBy(scene => scene.Key), given.OrderBy(scene => scene.Key));
    }

    [Property]
    public void Every_scene_has_its_percentage_as_near_as_whole_cameras_go(byte cameras, byte scenes, byte weight)
    {
        var site = Site(cameras, scenes);
        var order = CameraSplit.Order(site, Rollout);
        var taken = CameraSplit.Take(order, order, weight % 101);

        // Less than one camera for the scene, and what the whole site's number was rounded by.
        var rounded = site.Length == 0 ? 0 : Math.Abs(taken.Count - (site.Length * (weight % 101) / 100.0)) / site.Length;
        Assert.All(site.GroupBy(camera => camera.Scene), scene => Assert.True(
            Math.Abs(scene.Count(camera => taken.Contains(camera.Id)) - (scene.Count() * (weight % 101) / 100.0)) < 1 + (scene.Count() * rounded)));
    }

    [Fact]
    public void Small_scene_has_its_camera_beside_a_large_one()
    {
        RolloutCamera[] site =
            [.. Enumerable.Range(1, 12).Select(i => new RolloutCamera(new Guid(i, 7, 7, new byte[8]), i <= 9 ? "gate" : "crane"))];
        var rollout = new Rollout { Id = Rollout, Progress = new() { Phase = RolloutPhase.Progressing, Weight = 33 } };

        var shared = RolloutCameras.Share(rollout, site);

        var taken = site.Where(camera => shared.CandidateCameras.Contains(camera.Id)).Select(camera => camera.Scene).Order();
        Assert.Equal(["crane", "gate", "gate", "gate"], taken);

        // Decided once, whatever is said of scenes later.
        var renamed = site.Select(camera => camera with { Scene = $"{camera.Id}" }).ToArray();
        Assert.Same(shared, RolloutCameras.Share(shared, renamed));
    }

    [Fact]
    public void Site_of_one_camera_goes_over_whole()
    {
        RolloutCamera[] site = [new(Guid.NewGuid(), "gate")];
        var order = CameraSplit.Order(site, Rollout);

        Assert.Equal([0, 1, 1, 1], new[] { 0, 1, 50, 100 }.Select(weight => CameraSplit.Take(order, order, weight).Count));
        Assert.Empty(CameraSplit.Order([], Rollout));
    }

    [Property]
    public void Both_sides_have_cameras_between_nothing_and_all(byte cameras, byte gone, byte weight)
    {
        var order = CameraSplit.Order(Site(cameras, 3), Rollout);
        var present = order.Skip(gone % (order.Count + 1)).ToList();
        var asked = 1 + (weight % 99);

        var taken = CameraSplit.Take(order, present, asked);

        Assert.Empty(CameraSplit.Take(order, present, 0));
        Assert.Equal(present.Count, CameraSplit.Take(order, present, 100).Count);
        Assert.InRange(taken.Count, Math.Min(1, present.Count), Math.Max(present.Count - 1, Math.Min(1, present.Count)));
    }

    [Fact]
    public void Order_depends_on_nothing_but_cameras_scenes_and_rollout()
    {
        var site = Site(40, 3);

        Assert.Equal(CameraSplit.Order(site, Rollout), CameraSplit.Order(site.Reverse(), Rollout));
        Assert.NotEqual(CameraSplit.Order(site, Rollout), CameraSplit.Order(site, Guid.NewGuid()));
    }

    [Fact]
    public void Camera_that_comes_later_stays_with_the_stable_deployment_until_the_candidate_has_all()
    {
        var order = CameraSplit.Order(Site(4, 1), Rollout);
        var later = Guid.NewGuid();
        Guid[] present = [.. order, later];

        Assert.DoesNotContain(later, CameraSplit.Take(order, present, 99));
        Assert.Contains(later, CameraSplit.Take(order, present, 100));
    }

    [Fact]
    public void First_camera_differs_from_rollout_to_rollout()
    {
        var site = Site(10, 1);

        var firsts = Enumerable.Range(0, 1000).Select(i => CameraSplit.Order(site, new Guid(i, 0, 0, new byte[8]))[0]).GroupBy(id => id).ToList();

        Assert.Equal(10, firsts.Count);
        Assert.All(firsts, camera => Assert.InRange(camera.Count(), 60, 140));
    }

    private static RolloutCamera[] Site(byte cameras, byte scenes) =>
    [
        .. Enumerable.Range(0, cameras).Select(i => new RolloutCamera(new Guid(i + 1, 7, 7, new byte[8]), $"scene {i * i % ((scenes % 5) + 1)}")),
    ];
}
