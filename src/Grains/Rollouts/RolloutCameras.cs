using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Rollouts;

/// <summary>The cameras of a rollout: which there are, whose they should be, and whether they are served so. Pure.</summary>
internal static class RolloutCameras
{
    /// <summary>Cameras that the stable deployment looks at.</summary>
    public static IReadOnlyList<CameraStatus> Among(IEnumerable<CameraStatus> all, Deployment stable) =>
        [.. all.Where(camera => stable.InputSources?.Contains(camera.CameraId) ?? camera.SiteId == stable.SiteId)];

    /// <summary>The row with the cameras that its weight gives the candidate now.</summary>
    public static Rollout Share(Rollout rollout, IReadOnlyList<CameraStatus> cameras)
    {
        Guid[] present = [.. cameras.Select(camera => camera.CameraId)];
        var order = rollout.CameraOrder.Length > 0 || rollout.Progress.Phase == RolloutPhase.Pending
            ? rollout.CameraOrder
            : [.. CameraSplit.Order(present.Select(camera => (camera, "")), rollout.Id)];
        var taken = CameraSplit.Take(order, present, rollout.Progress.Weight);
        Guid[] candidate = [.. present.Where(taken.Contains).Order()];
        return order.AsSpan().SequenceEqual(rollout.CameraOrder) && candidate.AsSpan().SequenceEqual(rollout.CandidateCameras)
            ? rollout
            : rollout with { CameraOrder = order, CandidateCameras = candidate };
    }

    /// <summary>How many are served as the rollout wants it: before it begins, those that have the candidate's model too.</summary>
    public static int CountServed(Rollout rollout, IReadOnlyList<CameraStatus> cameras)
    {
        var candidate = rollout.CandidateCameras.ToHashSet();
        return cameras.Count(camera => rollout.Progress switch
        {
            { Phase: RolloutPhase.Pending } => camera.Ready.Contains(rollout.Id),
            { Weight: 100 } => camera.Live.Contains(rollout.Id),
            _ => camera.Live.Contains(candidate.Contains(camera.CameraId) ? rollout.Id : rollout.StableDeploymentId),
        });
    }
}
