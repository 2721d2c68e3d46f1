using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>
/// For a host that starts without waiting for its database: a connection that was opened before the schema was there knows
/// none of its types, so they are read again once it is.
/// </summary>
internal sealed partial class SchemaWatch(DatabaseMigrator migrator, ILogger<SchemaWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await migrator.WaitUntilMigratedAsync(Patience, stoppingToken);
                return;
            }
            catch (TimeoutException late)
            {
                LogLate(late.Message);
            }
            catch (InvalidOperationException changed)
            {
                LogChanged(changed.Message);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private partial void LogLate(string reason);

    [LoggerMessage(LogLevel.Error, "{Reason}")]
    private partial void LogChanged(string reason);
}
