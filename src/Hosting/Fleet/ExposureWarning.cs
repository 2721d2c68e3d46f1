using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Says at start that this host may be reached by others.</summary>
internal sealed partial class ExposureWarning(IConfiguration configuration, ILogger<ExposureWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (LoopbackGuard.Allows(configuration))
        {
            LogExposed(LoopbackGuard.FindExposed(configuration) ?? "loopback addresses only");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning,
        "Fleet:AllowNonLoopback is set: passwords and keys go over the network in the clear unless something in front speaks TLS, and whoever "
        + "reaches the silo ports is part of the cluster. It listens on {Address}")]
    private partial void LogExposed(string address);
}
