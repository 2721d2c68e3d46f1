using OrleansAiFleet.Cameras;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Storage.Cameras;

/// <summary>Who of the two deployments of a rollout gets a camera's frames. Pure.</summary>
internal sealed class CameraRoutes
{
    private readonly Dictionary<Guid, (bool IsCandidate, bool HasAll, HashSet<Guid> Cameras)> _sides = [];

    /// <param name="open">Rollouts that are not settled.</param>
    public CameraRoutes(IEnumerable<Rollout> open)
    {
        foreach (var rollout in open)
        {
            var cameras = rollout.CandidateCameras.ToHashSet();
            var hasAll = rollout.Progress.Weight == 100;
            _sides[rollout.Id] = (true, hasAll, cameras);
            _sides[rollout.StableDeploymentId] = (false, hasAll, cameras);
        }
    }

    /// <summary>What a deployment does with a camera; one that is in no rollout gets its frames.</summary>
    public SubscriptionMode ModeOf(Guid deploymentId, Guid cameraId) =>
        !_sides.TryGetValue(deploymentId, out var side) || (side.HasAll || side.Cameras.Contains(cameraId)) == side.IsCandidate
            ? SubscriptionMode.Live
            : SubscriptionMode.Standby;
}
