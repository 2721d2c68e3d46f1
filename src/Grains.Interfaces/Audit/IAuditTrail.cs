namespace OrleansAiFleet.Audit;

/// <summary>Takes records of what no row change tells: refusals, sign-ins, reads that count.</summary>
public interface IAuditTrail
{
    /// <summary>Appends a record in a transaction of its own.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away: what was asked must not be done then.</exception>
    Task AppendAsync(AuditRecord record, CancellationToken cancellationToken);
}
