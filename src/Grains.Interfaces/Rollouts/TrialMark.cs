using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Rollouts;

/// <summary>A person's word about a detection of one of the two deployments of a rollout.</summary>
/// <param name="DeploymentId">Whose detection it is.</param>
/// <param name="CameraId">On which camera.</param>
/// <param name="FrameTime">When its frame was taken.</param>
/// <param name="MarkedAt">When it was said.</param>
/// <param name="Verdict">What was said.</param>
public sealed record TrialMark(Guid DeploymentId, Guid CameraId, DateTimeOffset FrameTime, DateTimeOffset MarkedAt, DetectionVerdict Verdict);
