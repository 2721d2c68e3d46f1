using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Silo.Audit;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Audit;

using AuditFilter = OrleansAiFleet.Silo.Audit.AuditFilter;

namespace OrleansAiFleet.Silo.Tests.Audit;

/// <summary>A trail of a test: made up entries, remembered records; a target of a name can ask for trouble.</summary>
internal sealed class AuditInMemory : IAuditReader, IAuditTrail
{
    public const string Away = "database is away";

    public AuditFilter? LastFilter { get; private set; }

    public PageRequest? LastPage { get; private set; }

    public (DateOnly From, DateOnly To) LastDays { get; private set; }

    public ConcurrentQueue<AuditRecord> Records { get; } = [];

    public Task<Page<AuditEntry>> ReadAsync(AuditFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        (LastFilter, LastPage) = (filter, page);
        return Task.FromResult(new Page<AuditEntry>([Entry(1)], "next"));
    }

    public async IAsyncEnumerable<AuditEntry> ReadAllAsync(
        AuditFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LastFilter = filter;
        if (filter.TargetId == Away)
        {
            throw new FleetRefusedException(RefusalKind.Unavailable, null, "The database does not answer.");
        }

        for (var i = 1; i <= 3; i++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return Entry(i);
        }
    }

    public Task<AuditVerification> VerifyAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        LastDays = (from, to);
        return Task.FromResult(new AuditVerification
        {
            From = from,
            To = to,
            IsClean = false,
            Entries = 12,
            Days = 2,
            FaultCount = 1,
            Faults = [new(from, 3, AuditFaultKind.ChangedContent, "its content does not have the hash that was stored with it")],
        });
    }

    public Task AppendAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        if (record.SiteId == Guid.Empty)
        {
            throw new FleetRefusedException(RefusalKind.Unavailable, null, "The database does not answer.");
        }

        Records.Enqueue(record);
        return Task.CompletedTask;
    }

    private static AuditEntry Entry(long sequence) => new()
    {
        Day = new(2026, 3, 1),
        Sequence = sequence,
        OccurredAt = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        CallerKind = "person",
        CallerName = "=ada, \"the first\"",
        Action = "cameras.update",
        Outcome = "done",
        Reason = "two\nlines",
        After = new("""{"name": "Gate"}"""),
        PreviousHash = new('0', 64),
    };
}
