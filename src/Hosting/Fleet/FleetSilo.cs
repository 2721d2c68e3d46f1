using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

using Orleans.Configuration;
using Orleans.Dashboard;

using OrleansAiFleet.Hosting.Health;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>A silo of the fleet, control or worker alike.</summary>
public static class FleetSilo
{
    /// <summary>Makes the host a silo of the cluster in the fleet's database; <paramref name="configure"/> adds what is its own.</summary>
    public static WebApplicationBuilder UseFleetSilo(this WebApplicationBuilder builder, Action<ISiloBuilder> configure)
    {
        builder.UseOrleans(silo =>
        {
            silo.Services.AddFleetCluster();
            silo.Services.ConfigureOptions<SiloEndpoints>();
            silo.UseFleetPostgres();
            silo.Configure<ClusterMembershipOptions>(Watch);
            silo.Configure<SiloMessagingOptions>(messaging => messaging.CancelRequestOnTimeout = true);

            // Frames that spill over must not stand before membership probes in one queue.
            silo.Configure<ConnectionOptions>(connection => connection.ConnectionsPerEndpoint = 2);
            silo.AddActivityPropagation();
            silo.AddDashboard(dashboard =>
            {
                // Its trace shows log lines of the whole process to whoever looks.
                dashboard.HideTrace = true;
                dashboard.CounterUpdateIntervalMs = 2_000;
            });
            configure(silo);
        });
        builder.Services.AddHealthChecks()
            .AddCheck<SiloHealthCheck>("silo", HealthStatus.Unhealthy, [HealthEndpoints.Ready])
            .AddCheck<DatabaseHealthCheck>("database", HealthStatus.Unhealthy, [HealthEndpoints.Ready]);
        return builder;
    }

    /// <summary>Cluster, service id and TLS for silos and clients.</summary>
    internal static IServiceCollection AddFleetCluster(this IServiceCollection services)
    {
        services.AddOptions<FleetClusterOptions>()
            .BindConfiguration(FleetClusterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.ConfigureOptions<ClusterTls>();
        services.AddOptions<ClusterOptions>().Configure<IOptions<FleetClusterOptions>>((orleans, fleet) =>
        {
            orleans.ClusterId = fleet.Value.ClusterId;
            orleans.ServiceId = fleet.Value.ServiceId;
        });
        return services;
    }

    /// <summary>A silent silo is declared dead after about six seconds; its cameras must be back within ten.</summary>
    private static void Watch(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 3;
        membership.NumVotesForDeathDeclaration = 1;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
    }
}
