using OrleansAiFleet.Storage.Audit;

namespace OrleansAiFleet.Silo.Audit;

/// <summary>What a verification of some days of the audit trail found.</summary>
public sealed record AuditVerification
{
    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    /// <summary>Nothing is wrong.</summary>
    public required bool IsClean { get; init; }

    /// <summary>Rows checked.</summary>
    public required long Entries { get; init; }

    public required long Days { get; init; }

    public required long FaultCount { get; init; }

    /// <summary>The first 100 faults, in the order of the rows.</summary>
    public required IReadOnlyList<AuditFault> Faults { get; init; }

    /// <summary>The last signed row. Compare it with what was noted elsewhere: a database that was put back fits itself.</summary>
    public AuditHead? NewestHead { get; init; }
}
