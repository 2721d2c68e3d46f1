namespace OrleansAiFleet.Vision.Detections;

/// <summary>See <see cref="ObjectTracker"/>.</summary>
/// <param name="HighConfidence">Objects from here on start tracks; weaker ones only continue them.</param>
/// <param name="MatchIou">Least overlap that matches.</param>
/// <param name="LostFor">How long a track is remembered without a match.</param>
/// <param name="ConfirmAfter">Matches until a track gets its id.</param>
public sealed record TrackerSettings(float HighConfidence, float MatchIou, TimeSpan LostFor, int ConfirmAfter);
