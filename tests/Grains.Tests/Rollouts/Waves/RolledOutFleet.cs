using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Grains.Tests.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Waves;

/// <summary>Many sites, each with a camera and most with a deployment, and a version to come to; plans follow from the rows as in the fleet.</summary>
internal sealed class RolledOutFleet
{
    private readonly ControlCluster _cluster;

    private RolledOutFleet(ControlCluster cluster) => _cluster = cluster;

    public AiModel Now { get; private set; } = null!;

    public AiModel Next { get; private set; } = null!;

    public IReadOnlyList<Guid> Sites { get; private set; } = [];

    public Guid Id { get; } = Guid.NewGuid();

    public IFleetRolloutGrain Rollout => _cluster.Grains.GetGrain<IFleetRolloutGrain>(Id);

    public FleetRolloutState State => _cluster.Store.All<FleetRolloutState>().Single(state => state.Row.Id == Id);

    public static async Task<RolledOutFleet> CreateAsync(ControlCluster cluster, int deployed, int bare = 0)
    {
        var made = new RolledOutFleet(cluster);
        var name = $"helmets {Guid.NewGuid():N}";
        made.Now = Rows.Model() with { Name = name, Version = "1" };
        made.Next = Rows.Model() with { Name = name, Version = "2" };
        await cluster.Grains.Release(made.Now);
        await cluster.Grains.Release(made.Next);
        made.Sites = await Task.WhenAll(Enumerable.Range(0, deployed + bare).Select(i => made.SiteAsync(i, i < deployed)));
        cluster.Plans.Want(made.Plans);
        return made;
    }

    public Task<FleetRolloutReport> BeginAsync(Func<FleetRolloutWish, FleetRolloutWish> change) => Rollout.Begin(Wish(change));

    public FleetRolloutWish Wish(Func<FleetRolloutWish, FleetRolloutWish> change) => change(new()
    {
        Id = Id, Name = "Helmets everywhere", ModelId = Next.Id, SiteIds = [.. Sites], CreatedBy = Guid.NewGuid(),
    });

    /// <summary>Lets time go by until the fleet rollout is as wanted.</summary>
    public async Task<FleetRolloutReport> UntilAsync(Func<FleetRolloutReport, bool> wanted, string expected)
    {
        FleetRolloutReport? found = null;
        await _cluster.Passing(async () => (found = await Rollout.Get()) is { } now && wanted(now), expected);
        return found!;
    }

    /// <summary>What a site's rollout will be.</summary>
    public Guid TargetOf(Guid site, int attempt = 0) => SiteKeys.OfTarget(SiteKeys.OfSite(Id, site), attempt);

    /// <summary>Versions at work on each site, most often one.</summary>
    public ILookup<Guid, Guid> AtWork() => _cluster.Store.All<Deployment>()
        .Where(deployment => deployment.DeploymentStatus == DeploymentStatus.Active)
        .ToLookup(deployment => deployment.SiteId, deployment => deployment.ModelId);

    public int CountDeployments() => _cluster.Store.All<Deployment>().Count(deployment => Sites.Contains(deployment.SiteId));

    private async Task<Guid> SiteAsync(int number, bool isDeployed)
    {
        var site = Rows.Site() with { Name = $"Site {number:000}" };
        await _cluster.Grains.GetGrain<ISiteGrain>(site.Id).Create(site);
        var camera = Rows.Camera(site.Id);
        await _cluster.Grains.GetGrain<ICameraGrain>(camera.Id).Create(camera);
        if (isDeployed)
        {
            var deployment = Rows.Deployment(Now.Id, site.Id, camera.Id);
            await _cluster.Grains.GetGrain<IDeploymentGrain>(deployment.Id).Deploy(deployment);
        }

        return site.Id;
    }

    private IReadOnlyList<CameraPlan> Plans()
    {
        var open = _cluster.Store.All<Rollout>().Where(rollout => !rollout.IsSettled).ToLookup(rollout => rollout.SiteId);
        var active = _cluster.Store.All<Deployment>()
            .Where(each => each.DeploymentStatus == DeploymentStatus.Active).OrderBy(each => each.Id).ToLookup(each => each.SiteId);
        return
        [
            .. from camera in _cluster.Store.All<Camera>()
               where active.Contains(camera.SiteId)
               let rollout = open[camera.SiteId].FirstOrDefault()
               let isCandidates = rollout?.Progress.Weight == 100 || rollout?.CandidateCameras.Contains(camera.Id) == true
               let subscriptions = active[camera.SiteId].Select(each => new CameraSubscription
               {
                   DeploymentId = each.Id,
                   Model = new() { ModelId = each.ModelId, DisplayName = "", FilePath = "", Configuration = new(), Classes = [] },
                   Mode = rollout is null || (each.Id == rollout.Id) == isCandidates ? SubscriptionMode.Live : SubscriptionMode.Standby,
               }).ToArray()
               select new CameraPlan
               {
                   Revision = string.Join(' ', subscriptions.Select(each => $"{each.DeploymentId} {each.Mode} {each.Model.ModelId}")),
                   Camera = new() { Id = camera.Id, SiteId = camera.SiteId, Name = camera.Name },
                   Subscriptions = subscriptions,
               },
        ];
    }
}
