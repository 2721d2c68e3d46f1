using Microsoft.Extensions.Hosting;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Whether this client is connected to the cluster now.</summary>
internal sealed class ClusterConnection(IHostApplicationLifetime lifetime) : IClusterConnectionStatusObserver
{
    private volatile bool _lost;

    /// <summary>The first connection ends the host's start; after that Orleans says when it is lost and found again.</summary>
    public bool IsUp => lifetime.ApplicationStarted.IsCancellationRequested && !_lost;

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered) =>
        _lost = currentNumberOfGateways == 0;

    public void NotifyClusterConnectionLost() => _lost = true;
}
