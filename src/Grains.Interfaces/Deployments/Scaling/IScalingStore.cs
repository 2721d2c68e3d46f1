namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>Keeps what the scheduler decided, and reads what it decides about.</summary>
public interface IScalingStore
{
    /// <summary>Every active deployment, and what was decided last.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<ScalingRows> ReadAsync(CancellationToken cancellationToken);

    /// <summary>What was decided last for some deployments; none for one that was never placed.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<IReadOnlyList<ScalingState>> ReadStatesAsync(Guid[] deployments, CancellationToken cancellationToken);

    /// <summary>Stores states and decisions together, or none of them.</summary>
    /// <returns>False where another one has written a state since it was read: what it was decided on is not so any more.</returns>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task<bool> WriteAsync(
        IReadOnlyCollection<ScalingState> states, IReadOnlyCollection<ScalingDecision> decisions, CancellationToken cancellationToken);

    /// <summary>Adds what was measured to the latest decision that started the deployment.</summary>
    /// <exception cref="Fleet.FleetRefusedException">The database is away.</exception>
    Task NoteColdStartAsync(Guid deploymentId, double milliseconds, CancellationToken cancellationToken);
}

/// <summary>What the scheduler reads at each of its rounds.</summary>
public sealed record ScalingRows(IReadOnlyList<ScaledDeployment> Deployments, IReadOnlyList<ScalingState> States);
