using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>A site with cameras, a deployment on them and a version to come to; plans follow from the rows as in the fleet.</summary>
internal sealed class RolledOutSite
{
    private readonly ControlCluster _cluster;

    private RolledOutSite(ControlCluster cluster) => _cluster = cluster;

    public Deployment Stable { get; private set; } = null!;

    public AiModel Next { get; private set; } = null!;

    public Guid[] Cameras { get; private set; } = [];

    public Guid RolloutId { get; } = Guid.NewGuid();

    public IRolloutGrain Rollout => _cluster.Grains.GetGrain<IRolloutGrain>(RolloutId);

    public static async Task<RolledOutSite> CreateAsync(ControlCluster cluster, int cameras = 4)
    {
        var made = new RolledOutSite(cluster);
        var name = $"helmets {Guid.NewGuid():N}";
        var now = Rows.Model() with { Name = name, Version = "1" };
        made.Next = Rows.Model() with { Name = name, Version = "2" };
        await cluster.Grains.Release(now);
        await cluster.Grains.Release(made.Next);
        var site = Rows.Site();
        await cluster.Grains.GetGrain<ISiteGrain>(site.Id).Create(site);
        for (var i = 0; i < cameras; i++)
        {
            var camera = Rows.Camera(site.Id);
            await cluster.Grains.GetGrain<ICameraGrain>(camera.Id).Create(camera);
            made.Cameras = [.. made.Cameras, camera.Id];
        }

        cluster.Plans.Want(made.Plans);
        var deployment = Rows.Deployment(now.Id, site.Id, made.Cameras);
        made.Stable = await cluster.Grains.GetGrain<IDeploymentGrain>(deployment.Id).Deploy(deployment);
        return made;
    }

    public Task<Rollout> BeginAsync(params RolloutStep[] steps) => BeginAsync(rollout => rollout with { Steps = steps });

    public Task<Rollout> BeginAsync(Func<Rollout, Rollout> change) => Rollout.Begin(change(new()
    {
        Id = RolloutId, StableDeploymentId = Stable.Id, CandidateModelId = Next.Id, CreatedBy = Guid.NewGuid(),
    }));

    /// <summary>Lets time go by until the rollout is as wanted.</summary>
    public async Task<Rollout> UntilAsync(Func<Rollout, bool> wanted, string expected)
    {
        Rollout? found = null;
        await _cluster.Passing(async () => (found = await Rollout.Get()) is { } now && wanted(now), expected);
        return found!;
    }

    public async Task<DeploymentStatus?> StatusOfAsync(Guid deployment) =>
        (await _cluster.Grains.GetGrain<IDeploymentGrain>(deployment).Get())?.DeploymentStatus;

    /// <summary>Whose each camera is by the plan of now, and how many subscriptions it has.</summary>
    public (Guid? Live, int Subscriptions)[] Served() =>
    [
        .. Plans().Select(plan => (
            plan.Subscriptions.SingleOrDefault(each => each.Mode == SubscriptionMode.Live)?.DeploymentId, plan.Subscriptions.Length)),
    ];

    private IReadOnlyList<CameraPlan> Plans()
    {
        var open = _cluster.Store.All<Rollout>().FirstOrDefault(rollout => rollout.Id == RolloutId && !rollout.IsSettled);
        var active = _cluster.Store.All<Deployment>()
            .Where(each => each.SiteId == Stable?.SiteId && each.DeploymentStatus == DeploymentStatus.Active).OrderBy(each => each.Id).ToList();
        return
        [
            .. from camera in Cameras
               where active.Count > 0
               let isCandidates = open?.Progress.Weight == 100 || open?.CandidateCameras.Contains(camera) == true
               let subscriptions = active.Select(each => new CameraSubscription
               {
                   DeploymentId = each.Id,
                   Model = new() { ModelId = each.ModelId, DisplayName = "", FilePath = "", Configuration = new(), Classes = [] },
                   Mode = open is null || (each.Id == RolloutId) == isCandidates ? SubscriptionMode.Live : SubscriptionMode.Standby,
               }).ToArray()
               select new CameraPlan
               {
                   Revision = string.Join(' ', subscriptions.Select(each => $"{each.DeploymentId} {each.Mode}")),
                   Camera = new() { Id = camera, SiteId = Stable!.SiteId, Name = $"{camera}" },
                   Subscriptions = subscriptions,
               },
        ];
    }
}
