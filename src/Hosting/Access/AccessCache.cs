using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>
/// What the database said a moment ago of users, keys and places. While it does not answer, what it said last: people
/// who watch cameras must not be thrown out because of that.
/// </summary>
internal sealed class AccessCache(IAccessReader reader, IOptions<AccessOptions> options, TimeProvider time) : IDisposable
{
    private const int MaximumEntries = 10_000;
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaximumEntries });

    public Task<UserAccess?> FindUserAsync(Guid userId, CancellationToken cancellationToken) =>
        ReadAsync((typeof(UserAccess), userId), () => reader.FindUserAsync(userId, cancellationToken));

    public Task<KeyAccess?> FindKeyAsync(byte[] hash, CancellationToken cancellationToken) =>
        ReadAsync(Convert.ToHexString(hash), () => reader.FindKeyAsync(hash, cancellationToken));

    public Task<KeyAccess?> FindKeyAsync(Guid keyId, CancellationToken cancellationToken) =>
        ReadAsync((typeof(KeyAccess), keyId), () => reader.FindKeyAsync(keyId, cancellationToken));

    // By its hash too: a new key is good at once.
    public Task<DeploymentKeyAccess?> FindDeploymentKeyAsync(Guid deploymentId, byte[] hash, CancellationToken cancellationToken) =>
        ReadAsync((deploymentId, Convert.ToHexString(hash)), () => reader.FindDeploymentKeyAsync(deploymentId, hash, cancellationToken));

    public Task<SitePlace?> FindPlaceAsync(SitePart part, Guid id, CancellationToken cancellationToken) =>
        ReadAsync((part, id), () => reader.FindPlaceAsync(part, id, cancellationToken));

    /// <summary>Notes that a key is used, once a minute at most; not while the database is away.</summary>
    public async Task TouchAsync(Guid keyId, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue((nameof(TouchAsync), keyId), out _))
        {
            return;
        }

        _cache.Set((nameof(TouchAsync), keyId), true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TouchInterval });
        try
        {
            await reader.TouchKeyAsync(keyId, cancellationToken);
        }
        catch (FleetRefusedException away) when (away.Kind is RefusalKind.Unavailable)
        {
            // Nothing hangs on it.
        }
    }

    public void Dispose() => _cache.Dispose();

    // What is not there is asked for again each time: it may come to be, and nobody fills the cache with inventions.
    private async Task<T?> ReadAsync<T>(object key, Func<Task<T?>> read)
        where T : class
    {
        var known = _cache.TryGetValue(key, out Entry<T>? entry) ? entry : null;
        if (known is not null && time.GetElapsedTime(known.ReadAt) < options.Value.RightsLifetime)
        {
            return known.Value;
        }

        T? value;
        try
        {
            value = await read();
        }
        catch (FleetRefusedException away) when (
            away.Kind is RefusalKind.Unavailable && known is not null
            && time.GetElapsedTime(known.ReadAt) < options.Value.OutageLifetime)
        {
            return known.Value;
        }

        Keep(key, value);
        return value;
    }

    private void Keep<T>(object key, T? value)
        where T : class
    {
        if (value is null)
        {
            _cache.Remove(key);
            return;
        }

        _cache.Set(key, new Entry<T>(value, time.GetTimestamp()), new MemoryCacheEntryOptions
        {
            Size = 1,
            AbsoluteExpirationRelativeToNow = options.Value.OutageLifetime + options.Value.RightsLifetime + TimeSpan.FromSeconds(1),
        });
    }

    private sealed record Entry<T>(T Value, long ReadAt);
}
