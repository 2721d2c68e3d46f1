using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>The worker's books.</summary>
internal static class FrameLedgerRegistration
{
    /// <summary>
    /// Books and meters frames (<see cref="IFrameLedger"/>), tells window grains, samples the worker (<see cref="ResourceSampler"/>,
    /// <see cref="IChildProcesses"/>). After <c>AddFrameBatches</c> and before the silo: services stop in reverse, and
    /// streams that stop still book.
    /// </summary>
    public static IServiceCollection AddFrameLedger(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<FrameLedgerOptions>().BindConfiguration(FrameLedgerOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FrameLedgerOptions>, FrameLedgerOptionsValidator>();
        services.AddSingleton<WindowPokes>();
        services.AddSingleton(CreateLedger);
        services.AddSingleton<IFrameLedger>(provider => new FrameMeter(
            provider.GetRequiredService<FrameLedger>(), provider.GetRequiredService<ICameraCount>()));
        services.AddSingleton<ChildProcesses>();
        services.AddSingleton<IChildProcesses>(provider => provider.GetRequiredService<ChildProcesses>());
        services.AddSingleton<ResourceSampler>();
        services.AddSingleton<IResourceReadings>(provider => provider.GetRequiredService<ResourceSampler>());
        services.AddHostedService(provider => provider.GetRequiredService<FrameLedger>());
        services.AddHostedService(provider => provider.GetRequiredService<WindowPokes>());
        services.AddHostedService(provider => provider.GetRequiredService<ResourceSampler>());
        return services;
    }

    private static FrameLedger CreateLedger(IServiceProvider provider)
    {
        var writer = provider.GetRequiredService<FrameBatchWriter>();
        writer.Stored += provider.GetRequiredService<WindowPokes>().Note;
        return new(
            provider.GetRequiredService<JournalFolder>(),
            writer.WriteAsync,
            provider.GetRequiredService<IOptions<FrameLedgerOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FrameLedger>>());
    }
}
