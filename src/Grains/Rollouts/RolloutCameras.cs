using OrleansAiFleet.Cameras;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Rollouts;

/// <summary>The cameras of a rollout: whose they should be, and whether they are served so. Pure.</summary>
internal static class RolloutCameras
{
    /// <summary>The row with the cameras that the candidate has now, and those on which both look.</summary>
    /// <param name="rollout">The row.</param>
    /// <param name="cameras">Cameras that the stable deployment looks at.</param>
    public static Rollout Share(Rollout rollout, IReadOnlyCollection<RolloutCamera> cameras)
    {
        Guid[] present = [.. cameras.Select(camera => camera.Id)];
        var order = rollout.CameraOrder.Length > 0 || rollout.Progress.Phase == RolloutPhase.Pending
            ? rollout.CameraOrder
            : [.. CameraSplit.Order(cameras, rollout.Id)];
        Guid[] candidate = Sorted(CameraSplit.Take(order, present, rollout.Progress.Weight));
        Guid[] shadow = Sorted([.. CameraSplit.Take(order, present, rollout.Progress.Shadow), .. Paired(rollout, order, candidate)]);
        return order.AsSpan().SequenceEqual(rollout.CameraOrder)
            && candidate.AsSpan().SequenceEqual(rollout.CandidateCameras)
            && shadow.AsSpan().SequenceEqual(rollout.ShadowCameras)
            ? rollout
            : rollout with { CameraOrder = order, CandidateCameras = candidate, ShadowCameras = shadow };
    }

    /// <summary>
    /// How many are served as the rollout wants it: before it begins, those that have the candidate's model too; where both are to look
    /// by its steps, those that have both models. A camera of which nothing is known is not served.
    /// </summary>
    /// <param name="rollout">The row.</param>
    /// <param name="cameras">Cameras that the stable deployment looks at.</param>
    /// <param name="statuses">What is known of cameras.</param>
    public static int CountServed(Rollout rollout, IReadOnlyCollection<RolloutCamera> cameras, IEnumerable<CameraStatus> statuses)
    {
        var candidate = rollout.CandidateCameras.ToHashSet();
        var shadow = rollout.Progress.Shadow > 0 ? rollout.ShadowCameras.ToHashSet() : [];
        var known = statuses.ToDictionary(camera => camera.CameraId);
        return cameras.Select(each => each.Id).Count(id => known.TryGetValue(id, out var camera) && HasBoth(camera) && rollout.Progress switch
        {
            { Phase: RolloutPhase.Pending } => camera.Ready.Contains(rollout.Id),
            { Weight: 100 } => camera.Live.Contains(rollout.Id),
            _ => camera.Live.Contains(candidate.Contains(id) ? rollout.Id : rollout.StableDeploymentId),
        });

        bool HasBoth(CameraStatus camera) =>
            !shadow.Contains(camera.CameraId) || (camera.Ready.Contains(rollout.Id) && camera.Ready.Contains(rollout.StableDeploymentId));
    }

    // Some of the candidate's cameras, the same ones however many it gets: what is compared must not change with the weight.
    private static IEnumerable<Guid> Paired(Rollout rollout, Guid[] order, Guid[] candidate) =>
        rollout.Progress.Phase is RolloutPhase.Progressing or RolloutPhase.Promoting && RolloutAnalysis.Compares(rollout)
            ? order.Where(candidate.Contains).Take(RolloutAnalysis.PairedCameras)
            : [];

    private static Guid[] Sorted(IEnumerable<Guid> cameras) => [.. cameras.Distinct().Order()];
}
