using Microsoft.Extensions.Diagnostics.HealthChecks;

using Npgsql;

namespace OrleansAiFleet.Hosting.Health;

/// <summary>PostgreSQL answers within two seconds.</summary>
internal sealed class DatabaseHealthCheck(NpgsqlDataSource database) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
            return HealthCheckResult.Healthy("The database answers.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The message of a failed connection names host and port, which is nobody's business here.
            return HealthCheckResult.Unhealthy("The database does not answer.", exception);
        }
    }
}
