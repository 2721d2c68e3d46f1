using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace OrleansAiFleet.Hosting.Health;

/// <summary>This silo is a full member of the cluster and not on its way out.</summary>
internal sealed class SiloHealthCheck(
    IClusterMembershipService membership, ILocalSiloDetails silo, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("The host is stopping."));
        }

        var status = membership.CurrentSnapshot.GetSiloStatus(silo.SiloAddress);
        return Task.FromResult(status is SiloStatus.Active
            ? HealthCheckResult.Healthy("Active in the cluster.")
            : HealthCheckResult.Unhealthy($"The cluster has this silo as {status}."));
    }
}
