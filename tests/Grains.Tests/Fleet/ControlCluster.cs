using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Grains.Tests.Cameras;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Control silos and workers in one process, on a clock that the test moves and a store that outlives them.</summary>
internal sealed class ControlCluster : IAsyncDisposable
{
    private static readonly Type[] ControlGrains =
        [.. typeof(ControlPlaneRegistration).Assembly.GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type))];

    private readonly InProcessTestCluster _cluster;

    private ControlCluster(int control)
    {
        var builder = new InProcessTestClusterBuilder((short)control);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) => Configure(silo));
        _cluster = builder.Build();
    }

    /// <summary>10:00:00 UTC: the first instant of a window.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; } = new(Start);

    public FleetStore Store { get; } = new();

    public StoredUses Uses => field ??= new(Store);

    public WantedPlans Plans { get; } = new();

    public StreamStage Streams { get; } = new();

    public StoredTrials Trials { get; } = new();

    public InferenceServices Inference { get; } = new();

    public StoredScaling Scaling { get; } = new();

    public IGrainFactory Grains => _cluster.Client;

    public InProcessTestCluster Cluster => _cluster;

    private bool StartsWorker { get; set; }

    public static async Task<ControlCluster> StartAsync(int control = 1, int workers = 0)
    {
        var cluster = new ControlCluster(control);
        await cluster._cluster.DeployAsync();
        for (var i = 0; i < workers; i++)
        {
            await cluster.StartWorkerAsync();
        }

        return cluster;
    }

    public async Task<SiloAddress> StartWorkerAsync()
    {
        StartsWorker = true;
        var silo = await _cluster.StartAdditionalSiloAsync();
        StartsWorker = false;
        await WaitUntil.True(
            () => _cluster.Silos.All(each => Sees(each, silo.SiloAddress)), "every silo knows the new worker");
        return silo.SiloAddress;
    }

    public Task KillAsync(SiloAddress address) =>
        _cluster.KillSiloAsync(_cluster.Silos.Single(silo => silo.SiloAddress.Equals(address)));

    /// <summary>What the silos hold. The grain directory's answer may be one silo's memory of an activation that is gone.</summary>
    public async Task<SiloAddress?> WhereIs(IAddressable grain)
    {
        var silos = _cluster.Silos.Select(silo => silo.SiloAddress).ToArray();
        var held = await Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(hostsIds: silos);
        return held.FirstOrDefault(each => each.GrainId == grain.GetGrainId())?.SiloAddress;
    }

    /// <summary>Moves the clock second by second until the condition holds.</summary>
    public Task Passing(Func<Task<bool>> condition, string expected) => WaitUntil.True(
        async () =>
        {
            if (await condition())
            {
                return true;
            }

            Clock.Advance(TimeSpan.FromSeconds(1));
            return false;
        },
        expected);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static bool Sees(InProcessSiloHandle silo, SiloAddress worker) =>
        silo.ServiceProvider.GetRequiredService<IClusterManifestProvider>().Current.Silos.ContainsKey(worker);

    private void Configure(ISiloBuilder silo)
    {
        var isWorker = StartsWorker;
        silo.Services.AddKeyedSingleton<IGrainStorage>(StateNames.Provider, Store);
        silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Clock);
        silo.Services.AddSingleton<ICameraPlanReader>(Plans);
        silo.Services.AddSingleton<IUnsettledWindowReader>(Store);
        silo.Services.AddSingleton<IModelUseReader>(Uses);
        silo.Services.AddSingleton<IAliasFollowerReader>(Uses);
        silo.Services.AddSingleton<IMaintenanceReader>(new StoredMaintenance(Store));
        silo.Services.AddSingleton<IDeploymentFactsReader>(new StoredFacts(Store, Scaling));
        silo.Services.AddSingleton<IDeploymentScheduleReader>(new StoredSchedules(Store));
        silo.Services.AddSingleton<IRolloutReader>(new StoredRollouts(Store));
        silo.Services.AddSingleton<ITrialReader>(Trials);
        silo.Services.AddSingleton<IOptimizationReader>(new StoredOptimizations(Store));
        silo.Services.AddSingleton<IExperimentReader>(new StoredExperiments(Store));
        silo.Services.AddSingleton<IFleetRolloutReader>(new StoredFleetRollouts(Store));
        Inference.Time = Clock;
        silo.Services.AddSingleton<IInferenceServiceClient>(Inference);
        silo.Services.AddSingleton<IScalingStore>(Scaling);
        silo.Services.AddSingleton(Streams);
        silo.Services.AddSingleton<ICameraSecrets, ReversedSecrets>();
        silo.Services.AddSingleton<IDestinationSecrets, ReversedSecrets>();

        silo.Configure<ClusterMembershipOptions>(options => options.ProbeTimeout = TimeSpan.FromSeconds(1));
        silo.Configure<GrainTypeOptions>(options =>
        {
            foreach (var type in isWorker ? ControlGrains : [typeof(StagedCameraStreamGrain)])
            {
                options.Classes.Remove(type);
            }
        });
        if (!isWorker)
        {
            silo.Services.AddControlPlane();
        }
    }
}
