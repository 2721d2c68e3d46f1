using OrleansAiFleet.Fleet;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Audit;

using Stored = OrleansAiFleet.Storage;

namespace OrleansAiFleet.Silo.Audit;

/// <summary>The audit trail out of the database.</summary>
internal sealed class StoredAudit(AuditQueries queries, AuditVerifier verifier) : IAuditReader, IDisposable
{
    private const int MostFaults = 100;

    // A verification reads all there is of its days: one at a time is enough.
    private readonly SemaphoreSlim _verifying = new(1, 1);

    public async Task<Page<AuditEntry>> ReadAsync(AuditFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var found = await queries.ListAsync(Ask(filter), new(page.Rows, page.Cursor), cancellationToken);
        return new(found.Items, found.NextCursor);
    }

    public IAsyncEnumerable<AuditEntry> ReadAllAsync(AuditFilter filter, CancellationToken cancellationToken) =>
        queries.ReadAllAsync(Ask(filter), cancellationToken);

    public async Task<AuditVerification> VerifyAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        if (!await _verifying.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw new FleetRefusedException(RefusalKind.Unavailable, null, "Another verification runs; try again shortly.");
        }

        try
        {
            var faults = new List<AuditFault>();
            var summary = await verifier.VerifyAsync(
                new(from, to),
                fault =>
                {
                    if (faults.Count < MostFaults)
                    {
                        faults.Add(fault);
                    }
                },
                cancellationToken);
            return new()
            {
                From = from,
                To = to,
                IsClean = summary.IsClean,
                Entries = summary.Entries,
                Days = summary.Days,
                FaultCount = summary.Faults,
                Faults = faults,
                NewestHead = summary.NewestHead,
            };
        }
        finally
        {
            _verifying.Release();
        }
    }

    public void Dispose() => _verifying.Dispose();

    private static Stored.Audit.AuditFilter Ask(AuditFilter filter) => new(
        filter.From,
        filter.To,
        filter.Caller,
        filter.Action,
        filter.Outcome?.Value,
        filter.TargetType,
        filter.TargetId,
        filter.SiteId);
}
