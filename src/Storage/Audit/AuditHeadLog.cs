using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>
/// Logs the newest head at start and once an hour. A database that is put back to an older copy as a whole fits itself:
/// only a head noted elsewhere tells. Makes the signer at start, so that a host without a key says so then.
/// </summary>
internal sealed partial class AuditHeadLog(
    AuditVerifier verifier, IAuditSigner signer, TimeProvider time, ILogger<AuditHeadLog> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogKey(signer.KeyId);
        try
        {
            while (true)
            {
                await LogNewestAsync(stoppingToken);
                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LogNewestAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await verifier.FindNewestHeadAsync(cancellationToken) is { } head)
            {
                LogHead(head.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), head.Sequence, head.Hash);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotRead(failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Audit trail: heads are signed with key {KeyId}")]
    private partial void LogKey(string keyId);

    [LoggerMessage(LogLevel.Information, "Audit trail: the newest head is {Day} row {Sequence} {Hash}")]
    private partial void LogHead(string day, long sequence, string hash);

    [LoggerMessage(LogLevel.Warning, "Audit trail: the newest head could not be read: {Reason}")]
    private partial void LogNotRead(string reason);
}
