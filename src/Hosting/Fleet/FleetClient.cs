using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

using Orleans.Configuration;

using OrleansAiFleet.Hosting.Health;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>A client of the fleet's cluster.</summary>
public static class FleetClient
{
    /// <summary>
    /// A client learns which grains there are when it connects and then once in this time. Connected before the first
    /// worker is up it knows of no camera stream: nobody should wait a minute, Orleans' own interval, for a picture.
    /// </summary>
    private static readonly TimeSpan GrainTypesRefresh = TimeSpan.FromSeconds(5);

    /// <summary>Makes the host a client. It comes up, and stays up, without a cluster to talk to.</summary>
    public static WebApplicationBuilder UseFleetClient(this WebApplicationBuilder builder)
    {
        // The client's start ends only when it is connected: the web server must not wait for that.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.Services.AddSingleton<ClusterConnection>();
        builder.Services.AddHostedService<SchemaWatch>();
        builder.UseOrleansClient(client =>
        {
            client.Services.AddFleetCluster();
            client.UseFleetPostgres();
            client.Configure<ClientMessagingOptions>(messaging => messaging.CancelRequestOnTimeout = true);
            client.Configure<TypeManagementOptions>(types => types.TypeMapRefreshInterval = GrainTypesRefresh);
            client.AddActivityPropagation();
            client.UseConnectionRetryFilter<ClusterConnectionRetry>();
            client.Services.AddSingleton<IClusterConnectionStatusObserver>(
                services => services.GetRequiredService<ClusterConnection>());
        });
        builder.Services.AddHealthChecks()
            .AddCheck<ClientHealthCheck>("cluster", HealthStatus.Unhealthy, [HealthEndpoints.Ready])
            .AddCheck<DatabaseHealthCheck>("database", HealthStatus.Unhealthy, [HealthEndpoints.Ready]);
        return builder;
    }
}
