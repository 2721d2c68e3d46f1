namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// Collects the boxes of one picture; reused from picture to picture. Boxes are clipped to the picture before
/// suppression, so what holds of the kept boxes holds of what the reader sees.
/// </summary>
internal sealed class CandidateList
{
    private readonly List<Candidate> _candidates = [];
    private readonly NonMaximumSuppression _suppression = new();

    public void Clear() => _candidates.Clear();

    /// <summary>Adds a box given by centre and size in input pixels, unless nothing of it is in the picture.</summary>
    public void AddCentred(int classId, float score, in BoxShape box, in PictureTransform transform)
    {
        var (halfWidth, halfHeight) = (box.Width / 2, box.Height / 2);
        AddCorners(
            classId,
            score,
            new BoxCorners(box.X - halfWidth, box.Y - halfHeight, box.X + halfWidth, box.Y + halfHeight),
            transform);
    }

    /// <summary>Adds a box given by its corners in input pixels, unless nothing of it is in the picture.</summary>
    public void AddCorners(int classId, float score, in BoxCorners box, in PictureTransform transform)
    {
        var left = Math.Clamp((box.Left - transform.OffsetX) * transform.FactorX, 0, 1);
        var top = Math.Clamp((box.Top - transform.OffsetY) * transform.FactorY, 0, 1);
        var right = Math.Clamp((box.Right - transform.OffsetX) * transform.FactorX, 0, 1);
        var bottom = Math.Clamp((box.Bottom - transform.OffsetY) * transform.FactorY, 0, 1);

        // False for NaN as well: clamping keeps it. Infinity would come out as a box over everything.
        if (right > left && bottom > top && float.IsFinite(score) && box.IsFinite)
        {
            _candidates.Add(new Candidate(classId, MathF.Min(score, 1), left, top, right, bottom, _candidates.Count));
        }
    }

    /// <summary>Appends the best boxes, most confident first, those dropped that overlap a better one of their class.</summary>
    public void Suppress(ModelProfile profile, List<ObjectBox> objects) =>
        _suppression.Keep(_candidates, profile.NmsIou, profile.MaxDetections, objects);

    /// <summary>Appends the best boxes, most confident first, overlapping or not.</summary>
    public void TakeBest(ModelProfile profile, List<ObjectBox> objects)
    {
        _candidates.Sort(NonMaximumSuppression.BestFirst);
        for (var i = 0; i < Math.Min(_candidates.Count, profile.MaxDetections); i++)
        {
            objects.Add(_candidates[i].ToObject());
        }
    }
}

/// <summary>Centre and size.</summary>
internal readonly record struct BoxShape(float X, float Y, float Width, float Height);

/// <summary>Two corners.</summary>
internal readonly record struct BoxCorners(float Left, float Top, float Right, float Bottom)
{
    public bool IsFinite =>
        float.IsFinite(Left) && float.IsFinite(Top) && float.IsFinite(Right) && float.IsFinite(Bottom);
}
