using OrleansAiFleet.Cameras;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Storage.Cameras;

/// <summary>Who of the two deployments of a rollout gets a camera's frames. Pure.</summary>
internal sealed class CameraRoutes
{
    private readonly Dictionary<Guid, Side> _sides = [];

    /// <param name="open">Rollouts that are not settled.</param>
    public CameraRoutes(IEnumerable<Rollout> open)
    {
        foreach (var rollout in open)
        {
            var cameras = rollout.CandidateCameras.ToHashSet();
            var hasAll = rollout.Progress.Weight == 100;
            _sides[rollout.Id] = new(true, rollout.StableDeploymentId, hasAll, cameras);
            _sides[rollout.StableDeploymentId] = new(false, rollout.Id, hasAll, cameras);
        }
    }

    /// <summary>A deployment's subscription to a camera; one that is in no rollout stays live.</summary>
    public CameraSubscription Of(CameraSubscription subscription, Guid cameraId) =>
        !_sides.TryGetValue(subscription.DeploymentId, out var side) || side.HasFrames(cameraId)
            ? subscription
            : subscription with { Mode = SubscriptionMode.Standby, StandsInFor = side.Other };

    private sealed record Side(bool IsCandidate, Guid Other, bool CandidateHasAll, HashSet<Guid> CandidateCameras)
    {
        public bool HasFrames(Guid camera) => (CandidateHasAll || CandidateCameras.Contains(camera)) == IsCandidate;
    }
}
