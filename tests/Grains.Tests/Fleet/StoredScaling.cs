using OrleansAiFleet.Deployments.Scaling;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>What the scheduler stores, outside every silo; keeps to revisions as the database does.</summary>
internal sealed class StoredScaling : IScalingStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, ScaledDeployment> _deployments = [];
    private readonly Dictionary<Guid, ScalingState> _states = [];
    private readonly List<ScalingDecision> _decisions = [];

    /// <summary>What it is asked then fails.</summary>
    public bool IsAway { get; set; }

    public IReadOnlyList<ScalingDecision> Decisions
    {
        get
        {
            lock (_gate)
            {
                return [.. _decisions];
            }
        }
    }

    public ScalingState? StateOf(Guid deploymentId)
    {
        lock (_gate)
        {
            return _states.GetValueOrDefault(deploymentId);
        }
    }

    /// <summary>Makes a deployment active, or changes it.</summary>
    public void Deploy(ScaledDeployment deployment)
    {
        lock (_gate)
        {
            _deployments[deployment.Id] = deployment;
        }
    }

    public void Terminate(Guid deploymentId)
    {
        lock (_gate)
        {
            _deployments.Remove(deploymentId);
        }
    }

    public Task<ScalingRows> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfAway();
            return Task.FromResult(new ScalingRows([.. _deployments.Values], [.. _states.Values]));
        }
    }

    public Task<IReadOnlyList<ScalingState>> ReadStatesAsync(Guid[] deployments, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfAway();
            return Task.FromResult<IReadOnlyList<ScalingState>>([.. _states.Values.Where(state => deployments.Contains(state.DeploymentId))]);
        }
    }

    public Task<bool> WriteAsync(
        IReadOnlyCollection<ScalingState> states, IReadOnlyCollection<ScalingDecision> decisions, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfAway();
            if (states.Any(state => (_states.GetValueOrDefault(state.DeploymentId)?.Revision ?? 0) != state.Revision))
            {
                return Task.FromResult(false);
            }

            foreach (var state in states)
            {
                _states[state.DeploymentId] = state with { Revision = state.Revision + 1 };
            }

            _decisions.AddRange(decisions);
            return Task.FromResult(true);
        }
    }

    public Task NoteColdStartAsync(Guid deploymentId, double milliseconds, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var at = _decisions.FindLastIndex(decision => decision.DeploymentId == deploymentId && decision.FromInstances == 0);
            _decisions[at] = _decisions[at] with { ColdStartMilliseconds = milliseconds };
            return Task.CompletedTask;
        }
    }

    private void ThrowIfAway()
    {
        if (IsAway)
        {
            throw new TimeoutException("The database is away.");
        }
    }
}
