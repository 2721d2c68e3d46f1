using Microsoft.Extensions.Diagnostics.HealthChecks;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Hosting.Health;

/// <summary>This client is connected to a silo of the cluster.</summary>
internal sealed class ClientHealthCheck(ClusterConnection connection) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(connection.IsUp
            ? HealthCheckResult.Healthy("Connected to the cluster.")
            : HealthCheckResult.Unhealthy("Not connected to the cluster. Is a control silo up?"));
}
