using OrleansAiFleet.Metrics;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>Makes samples of a rollout.</summary>
internal static class TrialRows
{
    public static TrialSample Sample(Guid rollout, Guid deployment, Guid camera, DateTimeOffset start, TrialTotals totals) => new()
    {
        RolloutId = rollout, DeploymentId = deployment, CameraId = camera, Start = start, Reporter = Guid.NewGuid(), Totals = totals,
    };

    public static LatencySketch Latencies(params double[] milliseconds)
    {
        var recorder = new LatencyRecorder();
        foreach (var each in milliseconds)
        {
            recorder.Record(each);
        }

        return recorder.ToSketch();
    }
}
