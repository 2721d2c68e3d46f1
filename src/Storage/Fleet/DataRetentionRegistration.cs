using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Metrics;
using OrleansAiFleet.Storage.Sites;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Registers what looks after the age of data.</summary>
public static class DataRetentionRegistration
{
    /// <summary>Makes the coming days' partitions and deletes what is kept no longer. Control silos only.</summary>
    public static IServiceCollection AddDataRetention(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DetectionRetentionOptions>()
            .BindConfiguration(DetectionRetentionOptions.Section)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<DetectionRetentionOptions>, DetectionRetentionOptionsValidator>();
        services.AddSingleton<DetectionPartitions>();
        services.AddOptions<MetricsRetentionOptions>().BindConfiguration(MetricsRetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MetricsRetentionOptions>, MetricsRetentionOptionsValidator>();
        services.AddSingleton<SiteRetention>();
        services.AddHostedService<DataRetention>();
        return services;
    }
}
