using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class TrialMeasurerTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Candidate = Guid.NewGuid();
    private static readonly Guid Stable = Guid.NewGuid();
    private static readonly Guid Gate = Guid.NewGuid();
    private static readonly Guid Crane = Guid.NewGuid();

    private static readonly TrialTotals Totals = new()
    {
        WatchedSeconds = 10, FramesInferred = 40, Errors = 8, Timeouts = 2, Latency = TrialRows.Latencies(10, 20, 30, 400), Detections = 20,
        ConfidenceSum = 15, EmptyFrames = 30, Tracks = 4, TrackSeconds = 6, FramesPaired = 16, ObjectsAlike = 3, ObjectsFound = 12,
    };

    [Theory]
    [InlineData(AnalysisMeasure.ErrorRate, 16.0, 50)]
    [InlineData(AnalysisMeasure.TimeoutRate, 4.0, 50)]
    [InlineData(AnalysisMeasure.LatencyP95, 30.0, 40)]
    [InlineData(AnalysisMeasure.Throughput, 4.0, 40)]
    [InlineData(AnalysisMeasure.DetectionsPerCameraHour, 7200.0, 40)]
    [InlineData(AnalysisMeasure.MeanConfidence, 0.75, 40)]
    [InlineData(AnalysisMeasure.EmptyFrameShare, 75.0, 40)]
    [InlineData(AnalysisMeasure.TrackStability, 1.5, 40)]
    [InlineData(AnalysisMeasure.BaselineAgreement, 25.0, 16)]
    public void Value_is_the_candidates_over_all_its_cameras(AnalysisMeasure measure, double value, long frames)
    {
        var half = Totals with { Latency = TrialRows.Latencies(30, 400), FramesInferred = 20, Errors = 4, Timeouts = 1, WatchedSeconds = 5 };
        var rest = Totals with { Latency = TrialRows.Latencies(10, 20), FramesInferred = 20, Errors = 4, Timeouts = 1, WatchedSeconds = 5 };
        var whole = half with { Detections = 15, ConfidenceSum = 5, EmptyFrames = 20, Tracks = 1, TrackSeconds = 1, FramesPaired = 6, ObjectsAlike = 1, ObjectsFound = 2 };
        var other = rest with { Detections = 5, ConfidenceSum = 10, EmptyFrames = 10, Tracks = 3, TrackSeconds = 5, FramesPaired = 10, ObjectsAlike = 2, ObjectsFound = 10 };

        var seen = TrialMeasurer.Observe(
            Metric(measure, AnalysisComparison.Absolute),
            [Of(Candidate, Gate, 0, whole), Of(Candidate, Crane, 10, other), Of(Stable, Gate, 0, new() { FramesInferred = 999, Errors = 999 })],
            Candidate,
            Start);

        Assert.Equal(value, seen.Value!.Value, measure == AnalysisMeasure.LatencyP95 ? 0.5 : 1e-9);
        Assert.Equal((frames, 20), (seen.Samples.Frames, seen.Samples.Detections));
        Assert.Equal(10 / 3600.0, seen.Samples.CameraHours, 1e-9);
        Assert.Null(seen.BaselineValue);
    }

    [Fact]
    public void Comparison_is_of_the_same_cameras_in_the_same_slots_alone()
    {
        TrialSample[] samples =
        [
            .. from slot in Enumerable.Range(0, 5)
               from camera in new[] { Gate, Crane }
               let detections = camera == Gate ? 100 : 10
               from deployment in new[] { Stable, Candidate }
               select Of(deployment, camera, slot * 10, new()
               {
                   WatchedSeconds = 10, FramesInferred = 50, Detections = detections + (deployment == Candidate ? -(4 + (slot % 2)) : 0),
               }),

            // A camera that only one of them saw says nothing about the other.
            Of(Candidate, Guid.NewGuid(), 0, new() { WatchedSeconds = 10, FramesInferred = 50, Detections = 5000 }),
            Of(Stable, Gate, 70, new() { WatchedSeconds = 10, FramesInferred = 50, Detections = 5000 }),
        ];

        var seen = TrialMeasurer.Observe(Metric(AnalysisMeasure.DetectionsPerCameraHour), samples, Candidate, Start);

        Assert.Equal(550 * 36.0, seen.BaselineValue!.Value, 1e-6);
        Assert.Equal(-4.4 * 360, seen.Difference!.Value, 1e-6);
        Assert.InRange(seen.Lower!.Value, -5 * 360, seen.Difference.Value);
        Assert.InRange(seen.Upper!.Value, seen.Difference.Value, -4 * 360);
        Assert.Equal(500, seen.Samples.Frames);
        Assert.Equal(100 / 3600.0, seen.Samples.CameraHours, 1e-9);
    }

    [Fact]
    public void Rates_are_compared_in_percent()
    {
        TrialSample[] samples =
        [
            .. from slot in Enumerable.Range(0, 6)
               from deployment in new[] { Stable, Candidate }
               select Of(deployment, Gate, slot * 10, new()
               {
                   FramesInferred = 90, Errors = deployment == Candidate ? 10 : 0, EmptyFrames = deployment == Candidate ? 45 : 9, WatchedSeconds = 10,
               }),
        ];

        var errors = TrialMeasurer.Observe(Metric(AnalysisMeasure.ErrorRate), samples, Candidate, Start);
        var empty = TrialMeasurer.Observe(Metric(AnalysisMeasure.EmptyFrameShare), samples, Candidate, Start);

        Assert.Equal((10.0, 0.0, 10.0), (errors.Value!.Value, errors.BaselineValue!.Value, Math.Round(errors.Difference!.Value, 9)));
        Assert.Equal((50.0, 10.0, 40.0), (empty.Value!.Value, empty.BaselineValue!.Value, Math.Round(empty.Difference!.Value, 9)));
        Assert.Equal(540, errors.Samples.Frames);
    }

    [Theory]
    [InlineData(AnalysisMeasure.LatencyP95, true)]
    [InlineData(AnalysisMeasure.Throughput, true)]
    [InlineData(AnalysisMeasure.ErrorRate, true)]
    [InlineData(AnalysisMeasure.TimeoutRate, true)]
    [InlineData(AnalysisMeasure.DetectionsPerCameraHour, false)]
    [InlineData(AnalysisMeasure.MeanConfidence, false)]
    [InlineData(AnalysisMeasure.EmptyFrameShare, false)]
    [InlineData(AnalysisMeasure.TrackStability, false)]
    public void Without_a_pair_only_what_the_machine_does_is_held_against_other_cameras(AnalysisMeasure measure, bool hasBaseline)
    {
        var seen = TrialMeasurer.Observe(
            Metric(measure), [Of(Candidate, Gate, 0, Totals), Of(Stable, Crane, 0, Totals)], Candidate, Start);

        Assert.NotNull(seen.Value);
        Assert.Equal(hasBaseline, seen.BaselineValue is not null);
        Assert.Equal((null, null), (seen.Lower, seen.Upper));
    }

    [Fact]
    public void Two_rows_of_a_slot_are_one()
    {
        var half = new TrialTotals { WatchedSeconds = 5, FramesInferred = 20, Detections = 3 };

        var seen = TrialMeasurer.Observe(
            Metric(AnalysisMeasure.DetectionsPerCameraHour),
            [Of(Candidate, Gate, 0, half), Of(Candidate, Gate, 0, half), Of(Stable, Gate, 0, half), Of(Stable, Gate, 0, half)],
            Candidate,
            Start);

        Assert.Equal((0, 40), (seen.Difference!.Value, seen.Samples.Frames));
    }

    [Fact]
    public void What_frames_do_not_tell_is_no_data() => Assert.Null(
        TrialMeasurer.Observe(Metric(AnalysisMeasure.FalsePositiveMarks), [Of(Candidate, Gate, 0, Totals)], Candidate, Start).Value);

    [Fact]
    public void Nothing_measured_is_no_data()
    {
        foreach (var measure in Enum.GetValues<AnalysisMeasure>())
        {
            foreach (var compare in Enum.GetValues<AnalysisComparison>())
            {
                var seen = TrialMeasurer.Observe(Metric(measure, compare), [], Candidate, Start);

                Assert.Null(seen.Value);
                Assert.Equal(new AnalysisSamples(), seen.Samples);
            }
        }
    }

    private static AnalysisMetric Metric(AnalysisMeasure measure, AnalysisComparison compare = AnalysisComparison.Difference) =>
        new() { Name = "it", Measure = measure, Compare = compare };

    private static TrialSample Of(Guid deployment, Guid camera, int second, TrialTotals totals) =>
        TrialRows.Sample(Candidate, deployment, camera, Start.AddSeconds(second), totals);
}
