using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.Vision.Detections;

/// <summary>How far two lists of objects of one picture agree. Pure.</summary>
/// <param name="Alike">Objects in both: same class, boxes that overlap by half (intersection over union), each in one pair.</param>
/// <param name="Found">Objects in at least one.</param>
public readonly record struct ObjectAgreement(int Alike, int Found)
{
    private const float LeastOverlap = 0.5f;

    /// <summary>The best overlaps are paired first.</summary>
    /// <param name="left">Boxes of one.</param>
    /// <param name="right">Boxes of the other, in the same unit.</param>
    /// <param name="areOneClass">Whether the left object of one index and the right one of another are of one class.</param>
    public static ObjectAgreement Of(IReadOnlyList<ObjectBox> left, IReadOnlyList<ObjectBox> right, Func<int, int, bool> areOneClass)
    {
        var pairs = new List<(float Overlap, int Left, int Right)>();
        for (var i = 0; i < left.Count; i++)
        {
            for (var j = 0; j < right.Count; j++)
            {
                if (areOneClass(i, j) && BoxGeometry.Iou(left[i], right[j]) is var overlap and >= LeastOverlap)
                {
                    pairs.Add((overlap, i, j));
                }
            }
        }

        var (takenLeft, takenRight) = (new HashSet<int>(), new HashSet<int>());
        foreach (var (_, i, j) in pairs.OrderByDescending(pair => pair.Overlap).ThenBy(pair => pair.Left).ThenBy(pair => pair.Right))
        {
            if (!takenLeft.Contains(i) && takenRight.Add(j))
            {
                takenLeft.Add(i);
            }
        }

        return new(takenLeft.Count, left.Count + right.Count - takenLeft.Count);
    }
}
