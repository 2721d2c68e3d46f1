namespace OrleansAiFleet.Integrations.Deployments.Destinations.ZoneMinder;

/// <summary>
/// One writer of an event's Notes at a time in this process: they are read, added to and written back, and ZoneMinder has nothing to say of
/// who wrote between. As many locks as there are, not as many as events.
/// </summary>
internal sealed class ZoneMinderLocks
{
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits until the event is free; whoever disposes what it gives, frees it.</summary>
    public async Task<IDisposable> EnterAsync(string url, long eventId, CancellationToken cancellationToken)
    {
        var one = _locks[(uint)HashCode.Combine(url, eventId) % _locks.Length];
        await one.WaitAsync(cancellationToken);
        return new Held(one);
    }

    private sealed class Held(SemaphoreSlim one) : IDisposable
    {
        public void Dispose() => one.Release();
    }
}
