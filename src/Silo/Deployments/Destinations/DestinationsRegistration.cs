using Microsoft.Extensions.Options;

using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Integrations.Deployments.Destinations;
using OrleansAiFleet.Integrations.Fleet;

namespace OrleansAiFleet.Silo.Deployments.Destinations;

/// <summary>Registers what sends detections out of the fleet.</summary>
internal static class DestinationsRegistration
{
    /// <summary>What tries a destination out; for every host of the API. Needs the options that the control plane registers.</summary>
    public static IServiceCollection AddDestinationSenders(this IServiceCollection services) => services
        .AddSingleton<DestinationTrial>()
        .AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<DestinationOptions>>().Value;
            return new DestinationSenders(
                options.ParsedNetworks(),
                options.FileRoot,
                options.TryTimeout,
                provider.GetRequiredService<TimeProvider>(),
                ReceiverTrust.Load(options.AuthoritiesFile));
        });

    /// <summary>Sends what waits; for a control silo.</summary>
    public static IServiceCollection AddDestinationDispatch(this IServiceCollection services) => services
        .AddSingleton<DestinationMeter>()
        .AddSingleton<DestinationRun>()
        .AddHostedService<DestinationDispatcher>()
        .AddHostedService<DestinationSweeper>();
}
