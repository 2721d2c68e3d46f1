namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>One detection: box from its left top corner, in the pixels of <see cref="GroundTruthBox"/>.</summary>
public readonly record struct DetectedBox(
    long ImageId, int ClassId, double Score, double X, double Y, double Width, double Height)
{
    /// <summary>In square pixels.</summary>
    public double Area => Width * Height;
}
