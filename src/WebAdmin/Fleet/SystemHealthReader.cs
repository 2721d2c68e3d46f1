using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.WebAdmin.Fleet;

/// <summary>
/// Asks the cluster, once a second at most for all browsers that may see the same sites: they share one answer.
/// </summary>
internal sealed class SystemHealthReader(IGrainFactory grains, TimeProvider time) : ISystemHealthReader, IDisposable
{
    /// <summary>Different sets of sites that are watched at once; one more takes the place of the oldest answer.</summary>
    private const int MaximumAnswers = 64;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);

    // One name per site of the fleet; names never change.
    private readonly Dictionary<Guid, string> _siteNames = [];
    private readonly Dictionary<string, Answer> _answers = [];

    public async Task<FleetView> ReadAsync(SiteScope scope, CancellationToken cancellationToken)
    {
        var sites = scope.ToArray();
        var key = sites is null ? "" : string.Join(' ', sites.Order());
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!_answers.TryGetValue(key, out var answer) || time.GetElapsedTime(answer.ReadAt) >= Fresh)
            {
                var health = await grains.GetGrain<ISystemHealthGrain>(0).Check(sites, cancellationToken);
                await LearnNames(health);
                Keep(key, answer = new(new(health, NamesOf(health)), time.GetTimestamp()));
            }

            return answer.View;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void Keep(string key, Answer answer)
    {
        if (_answers.Count >= MaximumAnswers && !_answers.ContainsKey(key))
        {
            _answers.Remove(_answers.MinBy(each => each.Value.ReadAt).Key);
        }

        _answers[key] = answer;
    }

    private Dictionary<Guid, string> NamesOf(SystemHealth health) => health.Cameras.Select(camera => camera.SiteId).Distinct()
        .Where(_siteNames.ContainsKey).ToDictionary(site => site, site => _siteNames[site]);

    private async Task LearnNames(SystemHealth health)
    {
        var unknown = health.Cameras.Select(camera => camera.SiteId).Distinct().Where(id => !_siteNames.ContainsKey(id)).ToArray();
        var sites = await Task.WhenAll(unknown.Select(id => grains.GetGrain<ISiteGrain>(id).Get()));
        foreach (var site in sites.OfType<Site>())
        {
            _siteNames[site.Id] = site.Name;
        }
    }

    private sealed record Answer(FleetView View, long ReadAt);
}
