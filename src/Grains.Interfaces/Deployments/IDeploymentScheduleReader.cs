namespace OrleansAiFleet.Deployments;

/// <summary>Reads which deployments have come to a time that their row names.</summary>
public interface IDeploymentScheduleReader
{
    /// <summary>
    /// Those that wait and whose start has come, and those whose end has come and that are in no rollout: while two versions are compared,
    /// none of them is taken away.
    /// </summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<Guid>> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
