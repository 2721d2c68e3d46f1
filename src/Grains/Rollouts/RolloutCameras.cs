using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.Rollouts;

/// <summary>The cameras of a rollout: whose they should be, and whether they are served so. Pure.</summary>
internal static class RolloutCameras
{
    /// <summary>The row with the cameras that its weight gives the candidate now.</summary>
    /// <param name="rollout">The row.</param>
    /// <param name="present">Cameras that the stable deployment looks at.</param>
    public static Rollout Share(Rollout rollout, IReadOnlyCollection<Guid> present)
    {
        var order = rollout.CameraOrder.Length > 0 || rollout.Progress.Phase == RolloutPhase.Pending
            ? rollout.CameraOrder
            : [.. CameraSplit.Order(present.Select(camera => (camera, "")), rollout.Id)];
        var taken = CameraSplit.Take(order, present, rollout.Progress.Weight);
        Guid[] candidate = [.. present.Where(taken.Contains).Order()];
        return order.AsSpan().SequenceEqual(rollout.CameraOrder) && candidate.AsSpan().SequenceEqual(rollout.CandidateCameras)
            ? rollout
            : rollout with { CameraOrder = order, CandidateCameras = candidate };
    }

    /// <summary>
    /// How many are served as the rollout wants it: before it begins, those that have the candidate's model too. A camera of which
    /// nothing is known is not served.
    /// </summary>
    /// <param name="rollout">The row.</param>
    /// <param name="present">Cameras that the stable deployment looks at.</param>
    /// <param name="statuses">What is known of cameras.</param>
    public static int CountServed(Rollout rollout, IReadOnlyCollection<Guid> present, IEnumerable<CameraStatus> statuses)
    {
        var candidate = rollout.CandidateCameras.ToHashSet();
        var known = statuses.ToDictionary(camera => camera.CameraId);
        return present.Count(id => known.TryGetValue(id, out var camera) && rollout.Progress switch
        {
            { Phase: RolloutPhase.Pending } => camera.Ready.Contains(rollout.Id),
            { Weight: 100 } => camera.Live.Contains(rollout.Id),
            _ => camera.Live.Contains(candidate.Contains(id) ? rollout.Id : rollout.StableDeploymentId),
        });
    }
}
