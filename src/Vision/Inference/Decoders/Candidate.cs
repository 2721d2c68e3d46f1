namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// A box before suppression: corners normalised to the picture, clipped to it. Its order is its place in the model's
/// output and settles ties.
/// </summary>
internal readonly record struct Candidate(
    int ClassId, float Score, float Left, float Top, float Right, float Bottom, int Order)
{
    public float Area => (Right - Left) * (Bottom - Top);

    /// <summary>Intersection over union, 0 to 1.</summary>
    public float Iou(in Candidate other)
    {
        var width = MathF.Min(Right, other.Right) - MathF.Max(Left, other.Left);
        var height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Top, other.Top);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var shared = width * height;
        return shared / (Area + other.Area - shared);
    }

    public ObjectBox ToObject() => new(ClassId, Score, Left, Top, Right - Left, Bottom - Top);
}
