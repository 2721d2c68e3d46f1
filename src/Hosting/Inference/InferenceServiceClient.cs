using Microsoft.Extensions.DependencyInjection;

using Orleans.Runtime.Services;

using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Hosting.Inference;

/// <summary>Reaches the inference service of any worker, from control silos and workers alike.</summary>
internal sealed class InferenceServiceClient(IServiceProvider services)
    : GrainServiceClient<IInferenceService>(services), IInferenceServiceClient
{
    public IInferenceService On(SiloAddress silo) => GetGrainService(silo);
}

/// <summary>Registration of the client of <see cref="IInferenceService"/>.</summary>
public static class InferenceServiceClientRegistration
{
    /// <summary>Makes <see cref="IInferenceServiceClient"/> available in a silo.</summary>
    public static IServiceCollection AddInferenceServiceClient(this IServiceCollection services) =>
        services.AddSingleton<IInferenceServiceClient, InferenceServiceClient>();
}
