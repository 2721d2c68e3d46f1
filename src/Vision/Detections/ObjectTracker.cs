using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Detections;

/// <summary>Gives the same object the same id over the frames of one camera (ByteTrack-like). One per camera and deployment.</summary>
/// <param name="settings">See <see cref="TrackerSettings"/>.</param>
/// <param name="firstTrackId">Ids count up from here.</param>
public sealed class ObjectTracker(TrackerSettings settings, long firstTrackId)
{
    /// <summary>Takes the objects of the next frame; writes each one's track id, or null while the track is not confirmed.</summary>
    public void Update(IReadOnlyList<ObjectBox> objects, DateTimeOffset time, Span<long?> trackIds) =>
        throw new NotImplementedException($"{settings} {firstTrackId}");
}

/// <summary>See <see cref="ObjectTracker"/>.</summary>
/// <param name="HighConfidence">Objects from here on start tracks; weaker ones only continue them.</param>
/// <param name="MatchIou">Least overlap that matches.</param>
/// <param name="LostFor">How long a track is remembered without a match.</param>
/// <param name="ConfirmAfter">Matches until a track gets its id.</param>
public sealed record TrackerSettings(float HighConfidence, float MatchIou, TimeSpan LostFor, int ConfirmAfter);
