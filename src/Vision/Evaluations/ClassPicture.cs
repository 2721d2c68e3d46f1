namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>The objects and detections of one class in one picture, with their overlaps.</summary>
internal sealed class ClassPicture
{
    /// <summary>Most detections that any metric reads per picture and class.</summary>
    private const int MostDetections = 1000;

    private ClassPicture(GroundTruthBox[] truths, IEnumerable<DetectedBox> detections)
    {
        Truths = truths;
        Detections = [.. detections.OrderByDescending(detection => detection.Score).Take(MostDetections)];
        Overlaps = new double[Detections.Length, truths.Length];
        for (var d = 0; d < Detections.Length; d++)
        {
            for (var t = 0; t < truths.Length; t++)
            {
                Overlaps[d, t] = Overlap(Detections[d], truths[t]);
            }
        }
    }

    public GroundTruthBox[] Truths { get; }

    /// <summary>Most confident first; equal ones as they came.</summary>
    public DetectedBox[] Detections { get; }

    /// <summary>Per detection and truth.</summary>
    public double[,] Overlaps { get; }

    /// <summary>One per picture that has anything of the class, by picture id.</summary>
    public static IReadOnlyList<ClassPicture> Group(
        IEnumerable<GroundTruthBox> truths, IEnumerable<DetectedBox> detections)
    {
        var truthsByImage = truths.ToLookup(truth => truth.ImageId);
        var detectionsByImage = detections.ToLookup(detection => detection.ImageId);
        return
        [
            .. truthsByImage.Select(group => group.Key)
                .Union(detectionsByImage.Select(group => group.Key))
                .Order()
                .Select(image => new ClassPicture([.. truthsByImage[image]], detectionsByImage[image])),
        ];
    }

    // In a crowd the detection's own area is the whole: being inside of it is a full match.
    private static double Overlap(in DetectedBox detection, in GroundTruthBox truth)
    {
        var width = Math.Min(detection.X + detection.Width, truth.X + truth.Width) - Math.Max(detection.X, truth.X);
        var height = Math.Min(detection.Y + detection.Height, truth.Y + truth.Height) - Math.Max(detection.Y, truth.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var shared = width * height;
        var whole = truth.IsCrowd ? detection.Area : detection.Area + (truth.Width * truth.Height) - shared;
        return shared / whole;
    }
}
