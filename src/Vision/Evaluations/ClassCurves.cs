namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>Precision and recall of one class for every range of sizes and number of detections that is reported.</summary>
internal sealed class ClassCurves
{
    private static readonly SizeRange[] Ranges = [SizeRange.All, SizeRange.Small, SizeRange.Medium, SizeRange.Large];
    private static readonly int[] MostOfAll = [1, 10, 100, 300, 1000];
    private static readonly int[] MostOfRange = [100];

    private readonly Dictionary<(SizeRange Range, int Most), PrecisionRecall> _curves = [];

    private ClassCurves(int classId) => ClassId = classId;

    public int ClassId { get; }

    public static ClassCurves Compute(int classId, IReadOnlyList<ClassPicture> pictures)
    {
        var curves = new ClassCurves(classId);
        foreach (var range in Ranges)
        {
            PictureMatches[] matches = [.. pictures.Select(picture => new PictureMatches(picture, range))];
            foreach (var most in range == SizeRange.All ? MostOfAll : MostOfRange)
            {
                curves._curves.Add((range, most), PrecisionRecall.Compute(matches, most));
            }
        }

        return curves;
    }

    /// <summary>The curve for one range and number of detections per picture.</summary>
    public PrecisionRecall Find(SizeRange range, int most) => _curves[(range, most)];
}
