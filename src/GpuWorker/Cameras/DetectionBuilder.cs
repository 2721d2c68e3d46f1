using OrleansAiFleet.Cameras;
using OrleansAiFleet.Detections;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Makes the objects of one camera and deployment, frame after frame, into detections with track ids.</summary>
internal sealed class DetectionBuilder(Camera camera, Guid deploymentId, VisionParts vision, TimeProvider time)
{
    private const float MatchIou = 0.3f;
    private const float WeakestForTracks = 0.1f;
    private const int ConfirmAfter = 2;
    private static readonly TimeSpan LostFor = TimeSpan.FromSeconds(2);

    private TrackObjects? _track;
    private (Guid Model, float Threshold) _trackedWith;

    /// <summary>
    /// What the model is asked for: half the deployment's threshold, at least 0.1. Weak objects are not stored; they keep
    /// the track of one that was strong before (an object half hidden) from breaking.
    /// </summary>
    public static float AskedConfidence(float threshold) => Math.Min(threshold, Math.Max(WeakestForTracks, threshold / 2));

    /// <summary>The detections of the next frame: objects that count, at or above the threshold of their class.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="found">All objects that the model found on it.</param>
    /// <param name="model">The version that found them.</param>
    /// <param name="rules">Which of them count, and what they are called.</param>
    /// <param name="threshold">Lowest confidence of classes that have none of their own.</param>
    public IReadOnlyList<Detection> Build(
        VideoFrame frame, IReadOnlyList<ObjectBox> found, ModelReference model, ObjectRules rules, float threshold)
    {
        // Class ids of one model mean nothing to another, so its tracks end with it.
        var lowest = rules.LowestThreshold(threshold);
        if (_track is null || _trackedWith != (model.ModelId, lowest))
        {
            _track = vision.Tracker(new(lowest, MatchIou, LostFor, ConfirmAfter), FirstTrackId());
            _trackedWith = (model.ModelId, lowest);
        }

        IReadOnlyList<ObjectBox> objects = found.All(box => rules.Counts(box)) ? found : [.. found.Where(box => rules.Counts(box))];
        var trackIds = new long?[objects.Count];
        _track(objects, frame.PlayTime is { } played ? DateTimeOffset.UnixEpoch + played : frame.Time, trackIds);

        List<Detection> detections = [];
        for (var i = 0; i < objects.Count; i++)
        {
            if (objects[i].Confidence >= rules.ThresholdOf(objects[i].ClassId, threshold))
            {
                detections.Add(Build(frame, objects[i], trackIds[i], model, rules, detections.Count));
            }
        }

        return detections;
    }

    private Detection Build(
        VideoFrame frame, ObjectBox found, long? trackId, ModelReference model, ObjectRules rules, int ordinal) => new()
    {
        Id = DetectionId.Of(camera.Id, deploymentId, frame.Time, ordinal),
        CameraId = camera.Id,
        SiteId = camera.SiteId,
        DeploymentId = deploymentId,
        ModelId = model.ModelId,
        FrameTime = frame.Time,
        FrameNumber = frame.Number,
        TrackId = trackId,
        ClassId = found.ClassId,
        ClassName = rules.NameOf(found.ClassId)!,
        Confidence = found.Confidence,
        X = found.X,
        Y = found.Y,
        Width = found.Width,
        Height = found.Height,
    };

    // Of the time, so that a stream that starts over gives no id a second time; below 2^53, so that a browser can hold it.
    private long FirstTrackId() => time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
}
