namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>A cluster for tests that keep apart by their keys and kill nothing.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    internal ControlCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await ControlCluster.StartAsync();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
