using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Keeps a client trying to find its cluster for as long as the host runs.</summary>
internal sealed partial class ClusterConnectionRetry(TimeProvider time, ILogger<ClusterConnectionRetry> logger)
    : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // A line at once and then one a minute: a cluster can be away for a night.
    private const int TriesPerLine = 30;

    private int _tries;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (_tries++ % TriesPerLine == 0)
        {
            LogNoCluster(exception.Message);
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "No cluster to connect to, going on trying: {Reason}")]
    private partial void LogNoCluster(string reason);
}
