namespace OrleansAiFleet.Vision.Evaluations;

/// <summary>
/// COCO's box metrics exactly as the reference computes them (pycocotools, <c>bbox</c>): greedy matching by score,
/// crowds, areas outside a size range ignored, precision made monotone and read at 101 recall levels. Among equal scores
/// the order of the list holds.
/// </summary>
public static class CocoEvaluator
{
    /// <summary>Precision is read with this many detections per picture and class; more count for AR300 and AR1000 only.</summary>
    private const int UsualDetections = 100;

    private const int Threshold50 = 0;
    private const int Threshold75 = 5;

    /// <summary>Evaluates detections against the truth.</summary>
    /// <param name="classIds">All classes, also those without any object; boxes of other classes are left out.</param>
    /// <param name="truths">Every annotated object.</param>
    /// <param name="detections">Every detection, in the order that settles ties.</param>
    /// <param name="cancellation">Stops between classes.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CocoMetrics Evaluate(
        IReadOnlyList<int> classIds,
        IReadOnlyList<GroundTruthBox> truths,
        IReadOnlyList<DetectedBox> detections,
        CancellationToken cancellation = default)
    {
        var truthsByClass = truths.ToLookup(truth => truth.ClassId);
        var detectionsByClass = detections.ToLookup(detection => detection.ClassId);
        var curves = new List<ClassCurves>();
        foreach (var classId in classIds.Distinct().Order())
        {
            cancellation.ThrowIfCancellationRequested();
            var pictures = ClassPicture.Group(truthsByClass[classId], detectionsByClass[classId]);
            curves.Add(ClassCurves.Compute(classId, pictures));
        }

        return Summarise(curves);
    }

    private static CocoMetrics Summarise(List<ClassCurves> curves) => new()
    {
        Ap = Precision(curves, SizeRange.All),
        Ap50 = Mean(curves.SelectMany(curve => curve.Find(SizeRange.All, UsualDetections).PrecisionAt(Threshold50))),
        Ap75 = Mean(curves.SelectMany(curve => curve.Find(SizeRange.All, UsualDetections).PrecisionAt(Threshold75))),
        ApSmall = Precision(curves, SizeRange.Small),
        ApMedium = Precision(curves, SizeRange.Medium),
        ApLarge = Precision(curves, SizeRange.Large),
        Ar1 = Recall(curves, SizeRange.All, 1),
        Ar10 = Recall(curves, SizeRange.All, 10),
        Ar100 = Recall(curves, SizeRange.All, UsualDetections),
        ArSmall = Recall(curves, SizeRange.Small, UsualDetections),
        ArMedium = Recall(curves, SizeRange.Medium, UsualDetections),
        ArLarge = Recall(curves, SizeRange.Large, UsualDetections),
        Ar300 = Recall(curves, SizeRange.All, 300),
        Ar1000 = Recall(curves, SizeRange.All, 1000),
        Classes = [.. curves.Select(Summarise)],
    };

    private static CocoClassMetrics Summarise(ClassCurves curves)
    {
        var curve = curves.Find(SizeRange.All, UsualDetections);
        return new CocoClassMetrics(
            curves.ClassId,
            Mean(curve.Precision),
            Mean(curve.PrecisionAt(Threshold50)),
            Mean(curve.PrecisionAt(Threshold75)),
            Mean(curve.Recall));
    }

    private static double Precision(List<ClassCurves> curves, SizeRange range) =>
        Mean(curves.SelectMany(curve => curve.Find(range, UsualDetections).Precision));

    private static double Recall(List<ClassCurves> curves, SizeRange range, int most) =>
        Mean(curves.SelectMany(curve => curve.Find(range, most).Recall));

    private static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(-1).Average();
}
