namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>Precision at 101 recall levels and the recall reached, per IoU threshold; empty where no object counts.</summary>
/// <param name="Precision">Threshold by threshold.</param>
/// <param name="Recall">One per threshold.</param>
internal sealed record PrecisionRecall(double[] Precision, double[] Recall)
{
    private const int Levels = 101;
    private const double LevelStep = 0.01;

    // The reference adds the spacing of 1 so that 0 of 0 is 0.
    private const double Spacing = 2.220446049250313e-16;

    private static readonly PrecisionRecall Undefined = new([], []);

    /// <summary>Precision at one IoU threshold.</summary>
    public ArraySegment<double> PrecisionAt(int threshold) =>
        Precision.Length == 0 ? ArraySegment<double>.Empty : new ArraySegment<double>(Precision, threshold * Levels, Levels);

    /// <summary>Computes the curve over all pictures of a class.</summary>
    /// <param name="pictures">By picture id.</param>
    /// <param name="most">Detections read per picture.</param>
    public static PrecisionRecall Compute(IReadOnlyList<PictureMatches> pictures, int most)
    {
        var counted = pictures.Sum(picture => picture.Counted);
        if (counted == 0)
        {
            return Undefined;
        }

        (PictureMatches Picture, int Detection)[] ranked =
        [
            .. pictures
                .SelectMany(picture => Enumerable.Range(0, Math.Min(most, picture.Detections.Count))
                    .Select(detection => (Picture: picture, Detection: detection)))
                .OrderByDescending(entry => entry.Picture.Detections[entry.Detection].Score),
        ];
        var result = new PrecisionRecall(new double[IouThresholds.Count * Levels], new double[IouThresholds.Count]);
        for (var threshold = 0; threshold < IouThresholds.Count; threshold++)
        {
            var matches = ranked.Select(entry => entry.Picture[threshold, entry.Detection]);
            result.Fill(threshold, [.. matches.Where(match => match != DetectionMatch.Ignored)], counted);
        }

        return result;
    }

    private void Fill(int threshold, DetectionMatch[] matches, int counted)
    {
        var (recall, precision) = (new double[matches.Length], new double[matches.Length]);
        var right = 0;
        for (var i = 0; i < matches.Length; i++)
        {
            right += matches[i] == DetectionMatch.Right ? 1 : 0;
            recall[i] = (double)right / counted;
            precision[i] = right / (i + 1 + Spacing);
        }

        for (var i = matches.Length - 1; i > 0; i--)
        {
            precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
        }

        Recall[threshold] = matches.Length > 0 ? recall[^1] : 0;
        Sample(recall, precision, PrecisionAt(threshold));
    }

    // Precision at the first detection that reaches a level; none where no detection does.
    private static void Sample(double[] recall, double[] precision, Span<double> levels)
    {
        var at = 0;
        for (var level = 0; level < Levels; level++)
        {
            var wanted = level == Levels - 1 ? 1 : level * LevelStep;
            while (at < recall.Length && recall[at] < wanted)
            {
                at++;
            }

            levels[level] = at < precision.Length ? precision[at] : 0;
        }
    }
}
