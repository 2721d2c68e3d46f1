using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// Where it is written what became of a lane's frames: in the deployment's windows and detections and in front of those who watch, or,
/// of frames at which it looked along unseen, apart; and for a rollout that measures it, in that one's book too.
/// </summary>
internal sealed class LaneBooks(Camera camera, Guid deploymentId, StreamParts parts, StreamCounters counters, LiveView live)
{
    private TrialBook? _trial;

    /// <summary>Books for this rollout from now on; for none where it is null.</summary>
    public void Follow(CameraTrial? trial, TrialPair? pair)
    {
        var before = _trial;
        if (before?.Trial == trial && before?.Pair == pair)
        {
            return;
        }

        Volatile.Write(ref _trial, trial is null || pair is null ? null : parts.Trials.Open(trial, camera.Id, deploymentId, pair));
        before?.Close();
    }

    /// <summary>A frame came.</summary>
    public void Decode(DateTimeOffset time, bool isShadow)
    {
        if (!isShadow)
        {
            parts.Ledger.Decoded(deploymentId, time);
        }
    }

    /// <summary>A frame that came will not be inferred.</summary>
    public void Skip(DateTimeOffset time, bool isShadow, SkipReason reason, FrameError error = FrameError.None)
    {
        Volatile.Read(ref _trial)?.Fail(reason, error);
        if (!isShadow)
        {
            parts.Ledger.Skipped(deploymentId, time, reason, error);
            counters.Skipped(reason);
        }
    }

    /// <summary>Frames came of which no model is to see any.</summary>
    public void LeaveOut(DateTimeOffset time, SkipReason reason, long frames)
    {
        for (var i = 0L; i < frames; i++)
        {
            parts.Ledger.Decoded(deploymentId, time);
            parts.Ledger.Skipped(deploymentId, time, reason);
        }

        counters.Skipped(reason, frames);
    }

    /// <summary>A frame that came was inferred. What a shadow finds is sent to nobody.</summary>
    public async ValueTask InferAsync(
        VideoFrame frame,
        bool isShadow,
        FrameOutcome outcome,
        IReadOnlyList<Detection> found,
        DestinationRoute[] destinations,
        CancellationToken cancellationToken)
    {
        var trial = Volatile.Read(ref _trial);
        var latency = parts.Time.GetElapsedTime(frame.ArrivedAt).TotalMilliseconds;
        if (isShadow)
        {
            if (trial is not null)
            {
                parts.Trials.Keep(trial.Trial.RolloutId, found);
            }
        }
        else
        {
            await parts.Ledger.InferredAsync(
                deploymentId, frame.Time, outcome, latency, FoundObjects.Of(found, destinations), cancellationToken);
            counters.Inferred(found.Count, latency);
            live.Offer(frame, deploymentId, found);
        }

        trial?.Infer(frame.Number, frame.Time, latency, found);
    }
}
