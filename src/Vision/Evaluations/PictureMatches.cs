namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>
/// Which detections of one picture and class are right, at every IoU threshold and for one range of sizes. Later
/// detections never change earlier matches, so fewer detections are the first ones of these.
/// </summary>
internal sealed class PictureMatches
{
    private readonly ClassPicture _picture;
    private readonly int[] _order;
    private readonly bool[] _isIgnored;
    private readonly DetectionMatch[,] _matches;

    /// <summary>Matches greedily: each detection, most confident first, takes the free object it overlaps most.</summary>
    public PictureMatches(ClassPicture picture, SizeRange range)
    {
        _picture = picture;
        _isIgnored = [.. picture.Truths.Select(truth => truth.IsCrowd || !range.Contains(truth.Area))];
        _order = [.. Enumerable.Range(0, picture.Truths.Length).OrderBy(t => _isIgnored[t])];
        _matches = new DetectionMatch[IouThresholds.Count, picture.Detections.Length];
        for (var threshold = 0; threshold < IouThresholds.Count; threshold++)
        {
            Match(threshold, range);
        }
    }

    /// <summary>Objects that count.</summary>
    public int Counted => _isIgnored.Count(ignored => !ignored);

    /// <summary>Scores, most confident first.</summary>
    public IReadOnlyList<DetectedBox> Detections => _picture.Detections;

    public DetectionMatch this[int threshold, int detection] => _matches[threshold, detection];

    private void Match(int threshold, SizeRange range)
    {
        var taken = new bool[_isIgnored.Length];
        for (var d = 0; d < Detections.Count; d++)
        {
            var truth = BestTruth(d, IouThresholds.At(threshold), taken);
            if (truth >= 0)
            {
                taken[truth] = true;
                _matches[threshold, d] = _isIgnored[truth] ? DetectionMatch.Ignored : DetectionMatch.Right;
            }
            else
            {
                var isCounted = range.Contains(Detections[d].Area);
                _matches[threshold, d] = isCounted ? DetectionMatch.Wrong : DetectionMatch.Ignored;
            }
        }
    }

    private int BestTruth(int detection, double threshold, bool[] taken)
    {
        var (best, bestOverlap) = (-1, Math.Min(threshold, 1 - 1e-10));
        foreach (var truth in _order)
        {
            if (taken[truth] && !_picture.Truths[truth].IsCrowd)
            {
                continue;
            }

            // Ignored objects come last and never win over one that counts.
            if (best >= 0 && !_isIgnored[best] && _isIgnored[truth])
            {
                break;
            }

            // The later of two equal overlaps wins: so does the reference.
            if (_picture.Overlaps[detection, truth] >= bestOverlap)
            {
                (best, bestOverlap) = (truth, _picture.Overlaps[detection, truth]);
            }
        }

        return best;
    }
}

/// <summary>What became of a detection.</summary>
internal enum DetectionMatch : byte
{
    Ignored,
    Right,
    Wrong,
}

/// <summary>IoU 0.50 to 0.95 in steps of 0.05, as a linear space rounds them: ties depend on the last bit.</summary>
internal static class IouThresholds
{
    public const int Count = 10;
    private const double First = 0.5;
    private const double Last = 0.95;

    public static double At(int index) =>
        index == Count - 1 ? Last : (index * ((Last - First) / (Count - 1))) + First;
}
