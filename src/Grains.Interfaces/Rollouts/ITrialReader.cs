namespace OrleansAiFleet.Rollouts;

/// <summary>Reads what was measured for a rollout.</summary>
public interface ITrialReader
{
    /// <summary>Samples whose slot began in a span of time, of both deployments.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The moment after the last.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<TrialSample>> ReadAsync(Guid rolloutId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>What people said in a span of time of detections since the rollout began, of both deployments.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The moment after the last.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<TrialMark>> ReadMarksAsync(Guid rolloutId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);
}
