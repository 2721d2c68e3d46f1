using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.WebAdmin.Fleet;

/// <summary>
/// Asks the cluster, once a second at most however many browsers watch: they share one answer.
/// </summary>
internal sealed class SystemHealthReader(IGrainFactory grains, TimeProvider time) : ISystemHealthReader, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);

    // One name per site of the fleet; names never change.
    private readonly Dictionary<Guid, string> _siteNames = [];
    private FleetView? _last;
    private long _readAt;

    public async Task<FleetView> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || time.GetElapsedTime(_readAt) >= Fresh)
            {
                var health = await grains.GetGrain<ISystemHealthGrain>(0).Check(cancellationToken);
                await LearnNames(health);
                _last = new(health, new Dictionary<Guid, string>(_siteNames));
                _readAt = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task LearnNames(SystemHealth health)
    {
        var unknown = health.Cameras.Select(camera => camera.SiteId).Distinct().Where(id => !_siteNames.ContainsKey(id)).ToArray();
        var sites = await Task.WhenAll(unknown.Select(id => grains.GetGrain<ISiteGrain>(id).Get()));
        foreach (var site in sites.OfType<Site>())
        {
            _siteNames[site.Id] = site.Name;
        }
    }
}
