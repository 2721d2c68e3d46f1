using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Deployments.Optimization;
using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>What camera streams need on a worker.</summary>
internal static class CameraStreamsRegistration
{
    /// <summary>
    /// Adds camera streams. The host adds <see cref="IModelRepository"/> and <see cref="IFrameLedger"/>, and
    /// <see cref="IChildProcesses"/> where what ffmpeg uses is to be counted.
    /// </summary>
    public static IServiceCollection AddCameraStreams(this IServiceCollection services)
    {
        services.AddOptions<CameraOptions>()
            .BindConfiguration(CameraOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                options => options.ReconnectMaximumSeconds >= options.ReconnectMinimumSeconds,
                $"{CameraOptions.Section}:ReconnectMaximumSeconds must not be below ReconnectMinimumSeconds.")
            .Validate(
                options => PictureBlur.IsValid(options.BlurredClasses),
                $"{CameraOptions.Section}:BlurredClasses must name each class once, separated by commas: face,person:head.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
            new FramePool(provider.GetRequiredService<IOptions<CameraOptions>>().Value.FramePoolBytes));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<CameraOptions>>().Value;
            return new ProcessLauncher(new(options.ChildRules), provider.GetService<IChildProcesses>());
        });
        services.AddSingleton<MediaProbe>();
        services.AddSingleton<HardwareDecoder>();
        services.AddSingleton<RunningCameras>();
        services.AddSingleton<ICameraCount>(provider => provider.GetRequiredService<RunningCameras>());
        services.AddSingleton<VisionParts>();
        services.AddSingleton<TrialLedger>();
        services.AddHostedService(provider => provider.GetRequiredService<TrialLedger>());
        services.TryAddSingleton<ShadowTaps>();
        services.AddSingleton<StreamParts>();
        return services;
    }
}
