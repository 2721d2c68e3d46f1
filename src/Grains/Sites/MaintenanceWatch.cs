using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Sites;

/// <summary>
/// Knows where maintenance is going on, as of a second ago at most: one reading for all who ask on this silo. While the database is away
/// it says what it knew.
/// </summary>
internal sealed partial class MaintenanceWatch(
    IMaintenanceReader reader,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<MaintenanceWatch> logger) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private Snapshot? _last;

    /// <summary>The maintenance that a site is under now, its own or the fleet's; null: none.</summary>
    public async ValueTask<MaintenanceMode?> FindAsync(Guid site, CancellationToken cancellationToken = default)
    {
        var modes = await ReadAsync(cancellationToken);
        return modes.GetValueOrDefault(MaintenanceMode.WholeFleet) ?? modes.GetValueOrDefault(site);
    }

    /// <summary>All of it, by the id of the site or of the fleet.</summary>
    public async ValueTask<IReadOnlyDictionary<Guid, MaintenanceMode>> ReadAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        if (Volatile.Read(ref _last) is { } fresh && now - fresh.At < MaxAge)
        {
            return fresh.Modes;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } other && now - other.At < MaxAge)
            {
                return other.Modes;
            }

            _last = new(now, (await reader.ReadHoldingAsync(now, cancellationToken)).ToDictionary(mode => mode.Id));
            return _last.Modes;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _last is not null)
        {
            LogNotRead(failure);
            return _last.Modes;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private sealed record Snapshot(DateTimeOffset At, IReadOnlyDictionary<Guid, MaintenanceMode> Modes);

    [LoggerMessage(LogLevel.Debug, "Maintenance modes could not be read; what was known stands")]
    private partial void LogNotRead(Exception failure);
}
