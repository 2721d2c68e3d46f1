using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Audit;

namespace OrleansAiFleet.Silo.Audit;

/// <summary>The audit trail as the API reads it. Newest first.</summary>
internal interface IAuditReader
{
    Task<Page<AuditEntry>> ReadAsync(AuditFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>All entries, one after the other.</summary>
    IAsyncEnumerable<AuditEntry> ReadAllAsync(AuditFilter filter, CancellationToken cancellationToken);

    /// <summary>Recomputes some days.</summary>
    Task<AuditVerification> VerifyAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken);
}
