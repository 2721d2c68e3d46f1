using System.Text.Json;
using OrleansAiFleet.Testing;
using OrleansAiFleet.Vision.Evaluations;

namespace OrleansAiFleet.Vision.Tests.Evaluations;

public sealed class CocoEvaluatorTests
{
    private const double Tolerance = 1e-6;

    [RealDataFact]
    public void Every_recorded_case_equals_the_reference()
    {
        var cases = CocoCase.All().ToArray();

        Assert.True(cases.Length >= 9, $"Only {cases.Length} cases.");
        foreach (var recorded in cases)
        {
            var metrics = CocoEvaluator.Evaluate(recorded.Classes, recorded.Truths, recorded.Detections);

            AssertSummary(recorded.Name, recorded.Expected.GetProperty("summary"), metrics);
            AssertClasses(recorded.Name, recorded.Expected.GetProperty("per_class"), metrics.Classes);
        }
    }

    [Fact]
    public void A_perfect_detection_scores_one_and_other_sizes_are_undefined()
    {
        var metrics = CocoEvaluator.Evaluate([1], [Truth(1, 0, 0, 50, 50)], [Detection(1, 0.9, 0, 0, 50, 50)]);

        Assert.Equal(1, metrics.Ap, Tolerance);
        Assert.Equal(1, metrics.Ar1, Tolerance);
        Assert.Equal(1, metrics.ApMedium, Tolerance);
        Assert.Equal(-1, metrics.ApSmall);
        Assert.Equal(-1, metrics.ArLarge);
    }

    [Fact]
    public void A_false_alarm_above_the_only_hit_halves_precision()
    {
        DetectedBox[] detections = [Detection(1, 0.9, 300, 300, 50, 50), Detection(1, 0.8, 0, 0, 50, 50)];

        var metrics = CocoEvaluator.Evaluate([1], [Truth(1, 0, 0, 50, 50)], detections);

        Assert.Equal(0.5, metrics.Ap, Tolerance);
        Assert.Equal(0, metrics.Ar1, Tolerance);
        Assert.Equal(1, metrics.Ar10, Tolerance);
    }

    [Fact]
    public void One_of_two_objects_found_gives_precision_up_to_recall_one_half()
    {
        GroundTruthBox[] truths = [Truth(1, 0, 0, 50, 50), Truth(2, 0, 0, 50, 50)];

        var metrics = CocoEvaluator.Evaluate([1], truths, [Detection(1, 0.9, 0, 0, 50, 50)]);

        // 51 of the 101 recall levels are at most 0.5.
        Assert.Equal(51 / 101.0, metrics.Ap, Tolerance);
        Assert.Equal(0.5, metrics.Ar100, Tolerance);
    }

    [Fact]
    public void An_overlap_of_six_tenths_counts_for_the_thresholds_up_to_it()
    {
        var metrics = CocoEvaluator.Evaluate([1], [Truth(1, 0, 0, 100, 100)], [Detection(1, 0.9, 0, 0, 62, 100)]);

        // IoU 0.62: thresholds 0.50, 0.55 and 0.60 of ten.
        Assert.Equal(0.3, metrics.Ap, Tolerance);
        Assert.Equal(1, metrics.Ap50, Tolerance);
        Assert.Equal(0, metrics.Ap75, Tolerance);
    }

    [Fact]
    public void Detections_inside_a_crowd_are_neither_right_nor_wrong()
    {
        GroundTruthBox[] truths = [Truth(1, 0, 0, 50, 50), Truth(1, 200, 200, 300, 300) with { IsCrowd = true }];
        DetectedBox[] detections =
        [
            Detection(1, 0.95, 210, 210, 50, 50),
            Detection(1, 0.94, 300, 300, 50, 50),
            Detection(1, 0.9, 0, 0, 50, 50),
        ];

        Assert.Equal(1, CocoEvaluator.Evaluate([1], truths, detections).Ap, Tolerance);
    }

    [Fact]
    public void Equal_scores_go_in_the_order_of_the_list()
    {
        DetectedBox hit = Detection(1, 0.8, 0, 0, 50, 50), miss = Detection(1, 0.8, 300, 300, 50, 50);
        GroundTruthBox[] truths = [Truth(1, 0, 0, 50, 50)];

        Assert.Equal(1, CocoEvaluator.Evaluate([1], truths, [hit, miss]).Ap, Tolerance);
        Assert.Equal(0.5, CocoEvaluator.Evaluate([1], truths, [miss, hit]).Ap, Tolerance);
    }

    [Fact]
    public void Without_truth_nothing_is_defined()
    {
        var metrics = CocoEvaluator.Evaluate([1, 2], [], [Detection(1, 0.8, 0, 0, 50, 50)]);

        Assert.Equal(-1, metrics.Ap);
        Assert.Equal(-1, metrics.Ar1000);
        Assert.All(metrics.Classes, metricsOfClass => Assert.Equal(-1, metricsOfClass.Ap));
    }

    [Fact]
    public void A_class_without_truth_does_not_lower_the_mean()
    {
        var metrics = CocoEvaluator.Evaluate([2, 1], [Truth(1, 0, 0, 50, 50)], [Detection(1, 0.9, 0, 0, 50, 50)]);

        Assert.Equal(1, metrics.Ap, Tolerance);
        Assert.Equal([1, 2], metrics.Classes.Select(metricsOfClass => metricsOfClass.ClassId));
        Assert.Equal(-1, metrics.Classes[1].Ar100);
    }

    private static GroundTruthBox Truth(long image, double x, double y, double width, double height) =>
        new(image, 1, x, y, width, height, width * height);

    private static DetectedBox Detection(long image, double score, double x, double y, double width, double height) =>
        new(image, 1, score, x, y, width, height);

    private static void AssertSummary(string name, JsonElement expected, CocoMetrics metrics)
    {
        (string Key, double Actual)[] values =
        [
            ("AP", metrics.Ap), ("AP50", metrics.Ap50), ("AP75", metrics.Ap75),
            ("APsmall", metrics.ApSmall), ("APmedium", metrics.ApMedium), ("APlarge", metrics.ApLarge),
            ("AR1", metrics.Ar1), ("AR10", metrics.Ar10), ("AR100", metrics.Ar100),
            ("ARsmall", metrics.ArSmall), ("ARmedium", metrics.ArMedium), ("ARlarge", metrics.ArLarge),
            ("AR300", metrics.Ar300), ("AR1000", metrics.Ar1000),
        ];
        Assert.Equal(values.Length, expected.EnumerateObject().Count());
        foreach (var (key, actual) in values)
        {
            AssertNear($"{name} {key}", expected.GetProperty(key), actual);
        }
    }

    private static void AssertClasses(string name, JsonElement expected, IReadOnlyList<CocoClassMetrics> classes)
    {
        Assert.Equal(expected.GetArrayLength(), classes.Count);
        foreach (var (wanted, actual) in expected.EnumerateArray().Zip(classes))
        {
            Assert.Equal(wanted.GetProperty("category_id").GetInt32(), actual.ClassId);
            AssertNear($"{name} class {actual.ClassId} AP", wanted.GetProperty("AP"), actual.Ap);
            AssertNear($"{name} class {actual.ClassId} AP50", wanted.GetProperty("AP50"), actual.Ap50);
            AssertNear($"{name} class {actual.ClassId} AP75", wanted.GetProperty("AP75"), actual.Ap75);
            AssertNear($"{name} class {actual.ClassId} AR100", wanted.GetProperty("AR100"), actual.Ar100);
        }
    }

    private static void AssertNear(string what, JsonElement expected, double actual) =>
        Assert.True(
            Math.Abs(expected.GetDouble() - actual) <= Tolerance, $"{what}: {actual}, the reference says {expected}.");
}
