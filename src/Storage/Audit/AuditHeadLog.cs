using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>
/// Keeps the newest head outside the database: in a file as it moves on, in the log once an hour. Says so as soon as what was
/// noted is no longer in the trail. Makes the signer at start, so that a host without a key says so then.
/// </summary>
internal sealed partial class AuditHeadLog(
    AuditVerifier verifier,
    AuditHeadNote note,
    IAuditSigner signer,
    IOptions<AuditOptions> options,
    TimeProvider time,
    ILogger<AuditHeadLog> logger) : BackgroundService
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _nextLog = DateTimeOffset.MinValue;
    private string? _told;

    /// <summary>Notes the newest head, and answers it; or answers what speaks against it.</summary>
    internal async Task<(AuditHead? Newest, string? Fault)> NoteAsync(CancellationToken cancellationToken)
    {
        // In this order: another silo of this machine may note a later head in between.
        var noted = note.Read();
        var newest = await verifier.FindNewestHeadAsync(cancellationToken);
        if (noted is not null && newest is not null && noted.Place == newest.Place && noted.Hash == newest.Hash)
        {
            return (newest, null);
        }

        if (noted is not null && (newest is null || noted.IsBehind(newest) || !await verifier.HasAsync(noted, cancellationToken)))
        {
            return (newest, $"the head that was noted in {note.Path} is not in it: {noted}");
        }

        if (newest is null)
        {
            return (null, null);
        }

        if (!newest.IsSignedBy(signer))
        {
            return (newest, $"its newest head was not signed with key {signer.KeyId}: {newest}");
        }

        note.Write(newest);
        return (newest, null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogKey(signer.KeyId);
        using var timer = new PeriodicTimer(options.Value.NoteInterval, time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var hourly = time.GetUtcNow() >= _nextLog;
        try
        {
            var (newest, fault) = await NoteAsync(cancellationToken);
            if (fault is not null && (hourly || fault != _told))
            {
                LogFault(fault);
            }

            _told = fault;
            if (hourly && newest is not null)
            {
                LogHead(newest.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), newest.Sequence, newest.Hash);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (hourly || failure.Message != _told)
            {
                LogNotNoted(failure.Message);
            }

            _told = failure.Message;
        }

        if (hourly)
        {
            _nextLog = time.GetUtcNow() + LogInterval;
        }
    }

    [LoggerMessage(LogLevel.Information, "Audit trail: heads are signed with key {KeyId}")]
    private partial void LogKey(string keyId);

    [LoggerMessage(LogLevel.Information, "Audit trail: the newest head is {Day} row {Sequence} {Hash}")]
    private partial void LogHead(string day, long sequence, string hash);

    [LoggerMessage(LogLevel.Critical, "Audit trail: {Fault}. Was the database put back to an older copy, or tampered with?")]
    private partial void LogFault(string fault);

    [LoggerMessage(LogLevel.Warning, "Audit trail: the newest head could not be noted: {Reason}")]
    private partial void LogNotNoted(string reason);
}
