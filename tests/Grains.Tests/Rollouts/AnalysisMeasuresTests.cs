using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class AnalysisMeasuresTests
{
    [Theory]
    [InlineData(AnalysisMeasure.ErrorRate, "error rate", " %", MeasureDirection.LessIsBetter, SampleKind.Frames)]
    [InlineData(AnalysisMeasure.TimeoutRate, "time-out rate", " %", MeasureDirection.LessIsBetter, SampleKind.Frames)]
    [InlineData(AnalysisMeasure.LatencyP95, "p95 latency", " ms", MeasureDirection.LessIsBetter, SampleKind.Frames)]
    [InlineData(AnalysisMeasure.Throughput, "throughput", " frames/s", MeasureDirection.MoreIsBetter, SampleKind.CameraHours)]
    [InlineData(AnalysisMeasure.DetectionsPerCameraHour, "detections per camera-hour", "", MeasureDirection.Neither, SampleKind.CameraHours)]
    [InlineData(AnalysisMeasure.MeanConfidence, "mean confidence", "", MeasureDirection.MoreIsBetter, SampleKind.Detections)]
    [InlineData(AnalysisMeasure.EmptyFrameShare, "share of empty frames", " %", MeasureDirection.Neither, SampleKind.Frames)]
    [InlineData(AnalysisMeasure.TrackStability, "track stability", " s", MeasureDirection.MoreIsBetter, SampleKind.Detections)]
    [InlineData(AnalysisMeasure.FalsePositiveMarks, "false-positive marks", " %", MeasureDirection.LessIsBetter, SampleKind.Detections)]
    [InlineData(AnalysisMeasure.BaselineAgreement, "agreement with the baseline", " %", MeasureDirection.MoreIsBetter, SampleKind.Frames)]
    public void Measure_is_said_with_its_unit(AnalysisMeasure measure, string label, string unit, MeasureDirection direction, SampleKind samples)
    {
        var metric = Metrics.Latency() with { Measure = measure, Compare = AnalysisComparison.Difference };
        var measurement = new Measurement { Value = 12.5, BaselineValue = 1200.4, Difference = -3.25, Lower = -4, Upper = 0.5 };
        var facts = AnalysisMeasures.Of(measure);

        Assert.Equal(
            $"{label} 12.5{unit} against 1200{unit} (difference -3.25{unit}, from -4{unit} to 0.5{unit})", MeasureText.Say(metric, measurement));
        Assert.Equal((direction, samples), (facts.Direction, facts.Samples));
        Assert.Equal(measure != AnalysisMeasure.BaselineAgreement, facts.HasBaseline);
    }

    [Fact]
    public void Every_measure_stands_in_the_table()
    {
        foreach (var measure in Enum.GetValues<AnalysisMeasure>())
        {
            Assert.NotEmpty(AnalysisMeasures.Of(measure).Label);
        }
    }

    [Fact]
    public void Value_alone_is_said_alone_and_a_missing_one_is_unknown()
    {
        Assert.Equal("p95 latency 212 ms", MeasureText.Say(Metrics.Latency(), new() { Value = 212, BaselineValue = 120 }));
        Assert.Equal("p95 latency unknown", MeasureText.Say(Metrics.Latency(), new()));
    }

    [Fact]
    public void Both_sides_of_a_comparison_have_at_least_the_smaller_numbers() => Assert.Equal(
        new() { Frames = 1, Detections = 2, CameraHours = 0.5 },
        AnalysisSamples.Least(new() { Frames = 1, Detections = 5, CameraHours = 0.5 }, new() { Frames = 3, Detections = 2, CameraHours = 4 }));

    [Fact]
    public void Metric_is_written_in_the_fleets_words_and_has_its_defaults()
    {
        var text = """{"name":"p95","measure":"latency_p95","compare":"difference","success_condition":"upper < 20"}""";

        var metric = JsonText.Parse(text).To<AnalysisMetric>()!;

        Assert.Equal((AnalysisMeasure.LatencyP95, AnalysisComparison.Difference), (metric.Measure, metric.Compare));
        Assert.Equal((0, 0, 4, 0), (metric.FailureLimit, metric.InconclusiveLimit, metric.ConsecutiveErrorLimit, metric.ConsecutiveSuccessLimit));
        Assert.Equal((NoDataPolicy.Inconclusive, false), (metric.OnNoData, metric.DryRun));
        Assert.Equal((null, null, 0), (metric.IntervalSeconds, metric.Count, metric.InitialDelaySeconds));
        Assert.Equal(new(), metric.MinSamples);
    }
}
