namespace OrleansAiFleet.Rollouts;

/// <summary>A camera that a rollout shares out.</summary>
/// <param name="Id">Which.</param>
/// <param name="Scene">What it sees; empty: nobody said.</param>
public sealed record RolloutCamera(Guid Id, string Scene);
