namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>What was measured of a deployment's instances between two rounds.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Instances">Workers that took frames, 1 or more.</param>
/// <param name="UtilizationPercent">Busy share of their model instances on average, 0 to 100.</param>
/// <param name="QueueAgeMilliseconds">How long the frame that waits longest has waited.</param>
internal sealed record LoadReading(DateTimeOffset At, int Instances, double UtilizationPercent, double QueueAgeMilliseconds);
