using System.Collections.Concurrent;

using Orleans.Storage;

using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>
/// The provider <c>fleet</c> in memory, outside every silo, so that it outlives them: rows with versions, and the window
/// reports that workers store.
/// </summary>
internal sealed class FleetStore : IGrainStorage, IUnsettledWindowReader
{
    private readonly ConcurrentDictionary<(string State, GrainId Grain), (object Row, int Version)> _rows = new();
    private readonly ConcurrentDictionary<(WindowKey Window, Guid Reporter), WindowReport> _reports = new();
    private int _writes;

    /// <summary>Asked before every write; what it returns is thrown.</summary>
    public Func<object, Exception?> OnWrite { get; set; } = _ => null;

    public int Writes => Volatile.Read(ref _writes);

    public T? Row<T>(IAddressable grain, string state)
        where T : class =>
        _rows.TryGetValue((state, grain.GetGrainId()), out var entry) ? (T)entry.Row : null;

    /// <summary>All rows of a type.</summary>
    public IEnumerable<T> All<T>() => _rows.Values.Select(entry => entry.Row).OfType<T>();

    /// <summary>Puts a row there as somebody else would, with a new version.</summary>
    public void Overwrite(IAddressable grain, string state, object row) =>
        _rows.AddOrUpdate((state, grain.GetGrainId()), _ => (row, 1), (_, old) => (row, old.Version + 1));

    public void StoreReport(WindowReport report) => _reports[(report.Window, report.Reporter)] = report;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = _rows.TryGetValue((stateName, grainId), out var entry);
        grainState.RecordExists = found;
        grainState.ETag = found ? $"{entry.Version}" : null;
        if (typeof(T) == typeof(MetricsWindow))
        {
            var window = WindowKey.Parse(grainId.Key.ToString()!);
            grainState.State = (T)(object)new MetricsWindow
            {
                Row = ((MetricsWindow?)entry.Row)?.Row,
                Reports = [.. _reports.Values.Where(report => report.Window == window)],
            };
        }
        else
        {
            grainState.State = found ? (T)entry.Row : Activator.CreateInstance<T>();
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (OnWrite(grainState.State!) is { } failure)
        {
            return Task.FromException(failure);
        }

        var key = (stateName, grainId);
        var stored = _rows.TryGetValue(key, out var entry) ? $"{entry.Version}" : null;
        if (stored != grainState.ETag)
        {
            throw new InconsistentStateException("The row changed", stored ?? "none", grainState.ETag ?? "none");
        }

        _rows[key] = (grainState.State!, entry.Version + 1);
        grainState.ETag = $"{entry.Version + 1}";
        grainState.RecordExists = true;
        Interlocked.Increment(ref _writes);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _rows.TryRemove((stateName, grainId), out _);
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WindowKey>> ReadUnsettledAsync(
        DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken)
    {
        var closed = _rows.Values.Select(entry => entry.Row).OfType<MetricsWindow>()
            .Where(window => window.Row?.ClosedAt is not null).Select(window => window.Row!.Id).ToHashSet();
        return Task.FromResult<IReadOnlyList<WindowKey>>(
        [
            .. _reports.Keys.Select(key => key.Window).Distinct()
                .Where(window => window.End < endedBefore && !closed.Contains(window.RowId))
                .OrderBy(window => window.Start).Take(limit),
        ]);
    }
}
