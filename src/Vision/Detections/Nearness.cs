using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Detections;

/// <summary>
/// Whether an object that overlaps no track may still be one that moved on: of its class and size, not far from where it
/// was expected, and (by the pairing) with no other candidate on either side. Only for tracks seen in the frame before:
/// what is lost for longer could be anybody.
/// </summary>
internal static class Nearness
{
    /// <summary>Longest time between two frames over which nearness says anything.</summary>
    public const float MostSeconds = 1;

    // In box sizes. A new track's velocity is unknown: it may go a few sizes; later its prediction should be close.
    private const float NewReach = 2.5f;
    private const float KnownReach = 1f;
    private const int KnownAfter = 3;

    private const float SizeRatio = 1.5f;

    /// <summary>0 (where it was expected) to <see cref="TrackPairing.Unpaired"/> (out of reach).</summary>
    public static float Cost(Track track, ObjectBox box)
    {
        var expected = track.Box;
        if (track.ClassId != box.ClassId || !BoxGeometry.AreOfSize(expected, box, SizeRatio))
        {
            return TrackPairing.Unpaired;
        }

        var reach = track.Matches < KnownAfter ? NewReach : KnownReach;
        return MathF.Min(BoxGeometry.Distance(expected, box) / reach, TrackPairing.Unpaired);
    }
}
