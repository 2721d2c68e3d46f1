using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Says at start that others may listen in.</summary>
internal sealed partial class ExposureWarning(
    IConfiguration configuration, IOptions<FleetClusterOptions> cluster, ILogger<ExposureWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (LoopbackGuard.Allows(configuration))
        {
            LogExposed(LoopbackGuard.FindExposed(configuration) ?? "loopback addresses only");
            if (!cluster.Value.Tls)
            {
                LogOpenCluster();
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning,
        "Fleet:AllowNonLoopback is set: passwords and keys go over the network in the clear unless something in front speaks TLS. "
        + "Plain HTTP is on {Address}")]
    private partial void LogExposed(string address);

    [LoggerMessage(LogLevel.Warning, "Fleet:AllowNonLoopback is set without Fleet:Cluster:Tls: whoever reaches the silo ports is part of the cluster")]
    private partial void LogOpenCluster();
}
