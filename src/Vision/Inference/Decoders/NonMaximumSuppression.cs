using System.Runtime.InteropServices;

namespace OrleansAiFleet.Vision.Inference.Decoders;

/// <summary>
/// Greedy suppression per class: from the most confident down, a box is kept unless it overlaps a kept one of its class
/// by more than the limit. Equal confidences go by class, then by place in the model's output. Buffers are reused.
/// </summary>
internal sealed class NonMaximumSuppression
{
    /// <summary>A total order: no two candidates of one list are equal in it.</summary>
    public static readonly Comparison<Candidate> BestFirst = (a, b) =>
    {
        var byScore = b.Score.CompareTo(a.Score);
        var byClass = byScore != 0 ? byScore : a.ClassId.CompareTo(b.ClassId);
        return byClass != 0 ? byClass : a.Order.CompareTo(b.Order);
    };

    private readonly List<Candidate> _kept = [];

    // The kept boxes of a class form a chain: the latest one per class, and from each kept box the one before it.
    private readonly List<int> _latestOfClass = [];
    private readonly List<int> _before = [];

    /// <summary>Sorts the candidates and appends those that are kept.</summary>
    /// <param name="candidates">Sorted on return.</param>
    /// <param name="iou">A box that overlaps a better one of its class by more than this is dropped.</param>
    /// <param name="most">Most boxes kept.</param>
    /// <param name="objects">Receives them, most confident first.</param>
    public void Keep(List<Candidate> candidates, float iou, int most, List<ObjectBox> objects)
    {
        Forget();
        candidates.Sort(BestFirst);
        foreach (ref readonly var candidate in CollectionsMarshal.AsSpan(candidates))
        {
            if (_kept.Count >= most)
            {
                return;
            }

            if (!OverlapsKept(candidate, iou))
            {
                Chain(candidate);
                objects.Add(candidate.ToObject());
            }
        }
    }

    private void Forget()
    {
        _kept.Clear();
        _before.Clear();
        CollectionsMarshal.AsSpan(_latestOfClass).Fill(-1);
    }

    private bool OverlapsKept(in Candidate candidate, float iou)
    {
        if (candidate.ClassId >= _latestOfClass.Count)
        {
            return false;
        }

        for (var i = _latestOfClass[candidate.ClassId]; i >= 0; i = _before[i])
        {
            if (candidate.Iou(_kept[i]) > iou)
            {
                return true;
            }
        }

        return false;
    }

    private void Chain(in Candidate candidate)
    {
        while (_latestOfClass.Count <= candidate.ClassId)
        {
            _latestOfClass.Add(-1);
        }

        _before.Add(_latestOfClass[candidate.ClassId]);
        _latestOfClass[candidate.ClassId] = _kept.Count;
        _kept.Add(candidate);
    }
}
