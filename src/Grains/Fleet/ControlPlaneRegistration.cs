using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Fleet;

/// <summary>What a control silo needs beside its grains.</summary>
public static class ControlPlaneRegistration
{
    /// <summary>
    /// Models, destinations, rollouts, cameras, metric windows and the fleet's health. Sites need nothing. The host brings
    /// <see cref="ICameraPlanReader"/>, <see cref="IUnsettledWindowReader"/>, <see cref="IModelUseReader"/>,
    /// <see cref="IAliasFollowerReader"/>, <see cref="IRolloutReader"/>, <see cref="ITrialReader"/>, <see cref="IFleetRolloutReader"/>,
    /// <see cref="IDeploymentScheduleReader"/>, <see cref="Deployments.IDeploymentFactsReader"/>, <see cref="IMaintenanceReader"/>,
    /// <see cref="IExperimentReader"/>, <see cref="IOptimizationReader"/>, <see cref="IScalingStore"/>, <see cref="IDestinationSecrets"/>,
    /// <see cref="Inference.IInferenceServiceClient"/> and the grain storage provider <see cref="StateNames.Provider"/>.
    /// </summary>
    public static IServiceCollection AddControlPlane(this IServiceCollection services) => services.AddModelLifecycle()
        .AddMaintenance().AddSchedules().AddDestinations().AddScaling().AddRollouts().AddFleetRollouts().AddExperiments().AddOptimizations()
        .AddCameras().AddMetricWindows().AddFleetHealth();

    /// <summary>How model versions are approved, and what keeps deployments at their alias.</summary>
    public static IServiceCollection AddModelLifecycle(this IServiceCollection services)
    {
        services.AddOptions<ModelsOptions>().BindConfiguration(ModelsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelsOptions>, ModelsOptionsValidator>();
        services.AddSingleton<AliasFollowing>();
        services.AddHostedService<AliasSweeper>();
        return services;
    }

    /// <summary>What deployments may send where. The host brings <see cref="IDestinationSecrets"/>.</summary>
    public static IServiceCollection AddDestinations(this IServiceCollection services)
    {
        services.AddOptions<DestinationOptions>().BindConfiguration(DestinationOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DestinationOptions>, DestinationOptionsValidator>();
        services.AddSingleton<DestinationColumn>();
        return services;
    }

    /// <summary>What knows where maintenance is going on.</summary>
    public static IServiceCollection AddMaintenance(this IServiceCollection services) => services.AddSingleton<MaintenanceWatch>();

    /// <summary>What has deployments begin and end at their time.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services) => services.AddHostedService<ScheduleSweeper>();

    /// <summary>What decides where models of scaled deployments are. The host brings <see cref="IScalingStore"/>.</summary>
    public static IServiceCollection AddScaling(this IServiceCollection services)
    {
        services.AddOptions<ScalingOptions>().BindConfiguration(ScalingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ScalingOptions>, ScalingOptionsValidator>();
        services.TryAddSingleton<WorkerDirectory>();
        services.AddSingleton<ScalingMeter>();
        services.AddHostedService<SchedulerWaker>();
        return services;
    }

    /// <summary>What has rollouts looked after.</summary>
    public static IServiceCollection AddRollouts(this IServiceCollection services) =>
        services.AddSingleton<RolloutMeter>().AddHostedService<RolloutSweeper>();

    /// <summary>What has fleet rollouts looked after.</summary>
    public static IServiceCollection AddFleetRollouts(this IServiceCollection services) => services.AddHostedService<FleetRolloutSweeper>();

    /// <summary>What has experiments looked after.</summary>
    public static IServiceCollection AddExperiments(this IServiceCollection services) => services.AddHostedService<ExperimentSweeper>();

    /// <summary>What has searches for better settings looked after.</summary>
    public static IServiceCollection AddOptimizations(this IServiceCollection services)
    {
        services.TryAddSingleton<WorkerDirectory>();
        return services.AddHostedService<OptimizationSweeper>();
    }

    /// <summary>Options of cameras and their supervisor, and what keeps the supervisor awake.</summary>
    public static IServiceCollection AddCameras(this IServiceCollection services)
    {
        services.AddOptions<CamerasOptions>().BindConfiguration(CamerasOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CamerasOptions>, CamerasOptionsValidator>();
        services.TryAddSingleton<WorkerDirectory>();
        services.AddHostedService<SupervisorWaker>();
        return services;
    }

    /// <summary>Options of metric windows, and the sweeper that settles those nobody reports to.</summary>
    public static IServiceCollection AddMetricWindows(this IServiceCollection services)
    {
        services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MetricsOptions>, MetricsOptionsValidator>();
        services.TryAddSingleton<WorkerDirectory>();
        services.AddHostedService<WindowSweeper>();
        return services;
    }

    /// <summary>What the health check asks.</summary>
    public static IServiceCollection AddFleetHealth(this IServiceCollection services)
    {
        services.TryAddSingleton<WorkerDirectory>();
        return services;
    }
}
