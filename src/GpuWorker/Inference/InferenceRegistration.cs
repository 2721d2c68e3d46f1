using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Deployments.Optimization;
using OrleansAiFleet.GpuWorker.Deployments.Scaling;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.GpuWorker.Models.Validation;
using OrleansAiFleet.Hosting.Inference;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>What a worker needs to infer.</summary>
internal static class InferenceRegistration
{
    /// <summary>
    /// Models, their files and their runtimes. Needs the store (<c>ModelFileStore</c>, <c>FrameBatchWriter</c>),
    /// <see cref="IResourceReadings"/> and <see cref="ICameraCount"/> from their own registrations.
    /// </summary>
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.AddOptions<InferenceOptions>().BindConfiguration(InferenceOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<InferenceOptions>, InferenceOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IModelFiles, StoredModelFiles>();
        services.AddSingleton<ModelFileCache>();
        services.AddSingleton<SessionFactory>();
        services.AddSingleton<ModelOpener>();
        services.AddSingleton<IModelLoader, ModelLoader>();
        services.AddOptions<ModelValidationOptions>().BindConfiguration(ModelValidationOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelValidationOptions>, ModelValidationOptionsValidator>();
        services.AddSingleton<ValidationProcess>();
        services.AddSingleton<ModelInspector>();
        services.AddSingleton<ModelRepository>();
        services.AddScaling();
        services.AddSingleton<IModelRepository, RoutedModels>();

        // A picture from outside is looked at where it was sent.
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<PictureInference>(provider, provider.GetRequiredService<ModelRepository>()));
        services.TryAddSingleton<ShadowTaps>();
        services.AddSingleton(provider =>
        {
            var models = provider.GetRequiredService<ModelRepository>();
            Func<double> longestWait = () => models.Statuses.Select(status => status.OldestMilliseconds).DefaultIfEmpty().Max();
            return ActivatorUtilities.CreateInstance<ConfigurationTrials>(provider, longestWait);
        });
        services.AddSingleton<IWorkerPeers, WorkerPeers>();
        services.AddSingleton<SpillRouter>();
        services.AddSingleton(provider => new WorkerReadings(
            provider.GetRequiredService<IResourceReadings>(),
            provider.GetRequiredService<ICameraCount>(),
            () => provider.GetRequiredService<FrameBatchWriter>().JournaledBatches));
        return services;
    }

    // What this worker has, and what the scheduler wants of it.
    private static void AddScaling(this IServiceCollection services)
    {
        services.AddOptions<CapacityOptions>().BindConfiguration(CapacityOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CapacityOptions>, CapacityOptionsValidator>();
        services.AddSingleton<WorkerCapacity>();
        services.AddSingleton<InstanceBook>();
        services.AddSingleton<HeldModels>();
    }

    /// <summary>The grain service that other silos call, and its client.</summary>
    public static ISiloBuilder AddInferenceService(this ISiloBuilder silo)
    {
        silo.Services.AddInferenceServiceClient();
        return silo.AddGrainService<InferenceService>();
    }
}
