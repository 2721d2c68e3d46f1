using OrleansAiFleet.Cameras;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Storage.Cameras;

/// <summary>Who of the two deployments of a rollout gets a camera's frames, and what the other does. Pure.</summary>
internal sealed class CameraRoutes
{
    private readonly Dictionary<Guid, Side> _sides = [];

    /// <param name="open">Rollouts that are not settled.</param>
    public CameraRoutes(IEnumerable<Rollout> open)
    {
        foreach (var rollout in open)
        {
            var (candidate, shadow) = (rollout.CandidateCameras.ToHashSet(), rollout.ShadowCameras.ToHashSet());
            var trial = rollout.SlotSeconds > 0 ? new CameraTrial { RolloutId = rollout.Id, SlotSeconds = rollout.SlotSeconds } : null;
            var hasAll = rollout.Progress.Weight == 100;
            _sides[rollout.Id] = new(true, rollout.StableDeploymentId, hasAll, candidate, shadow, trial);
            _sides[rollout.StableDeploymentId] = new(false, rollout.Id, hasAll, candidate, shadow, trial);
        }
    }

    /// <summary>A deployment's subscription to a camera; one that is in no rollout stays live.</summary>
    public CameraSubscription Of(CameraSubscription subscription, Guid cameraId)
    {
        if (!_sides.TryGetValue(subscription.DeploymentId, out var side))
        {
            return subscription;
        }

        return side.HasFrames(cameraId)
            ? subscription with { Trial = side.Trial }
            : subscription with
            {
                Mode = side.ShadowCameras.Contains(cameraId) ? SubscriptionMode.Shadow : SubscriptionMode.Standby,
                StandsInFor = side.Other,
                Trial = side.Trial,
            };
    }

    private sealed record Side(
        bool IsCandidate, Guid Other, bool CandidateHasAll, HashSet<Guid> CandidateCameras, HashSet<Guid> ShadowCameras, CameraTrial? Trial)
    {
        public bool HasFrames(Guid camera) => (CandidateHasAll || CandidateCameras.Contains(camera)) == IsCandidate;
    }
}
