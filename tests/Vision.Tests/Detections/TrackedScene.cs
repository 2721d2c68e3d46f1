using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Tests.Detections;

/// <summary>Shows frames to a tracker one after another.</summary>
internal sealed class TrackedScene(ObjectTracker tracker)
{
    private DateTimeOffset _time = DateTimeOffset.UnixEpoch;

    /// <summary>The next frame, so many seconds after the last one; gives the track ids.</summary>
    public long?[] Show(double seconds, params ObjectBox[] objects)
    {
        _time = _time.AddSeconds(seconds);
        var ids = new long?[objects.Length];
        tracker.Update(objects, _time, ids);
        return ids;
    }
}
