namespace OrleansAiFleet.Rollouts;

/// <summary>What one of the two deployments of a rollout did on one camera in one slot of time: a row of <c>rollout_samples</c>.</summary>
public sealed record TrialSample
{
    /// <summary>The rollout, and the deployment of its candidate.</summary>
    public required Guid RolloutId { get; init; }

    /// <summary>Whose doing it is.</summary>
    public required Guid DeploymentId { get; init; }

    public required Guid CameraId { get; init; }

    /// <summary>When the slot began, by the worker's clock: a whole number of slots after the Unix epoch.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Who measured; a stream that moved in the middle of a slot has two.</summary>
    public required Guid Reporter { get; init; }

    public required TrialTotals Totals { get; init; }
}
