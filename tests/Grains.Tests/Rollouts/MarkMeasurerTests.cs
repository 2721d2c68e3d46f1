using OrleansAiFleet.Detections;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class MarkMeasurerTests
{
    private const int SlotSeconds = 60;

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Candidate = Guid.NewGuid();
    private static readonly Guid Stable = Guid.NewGuid();
    private static readonly Guid Gate = Guid.NewGuid();
    private static readonly Guid Crane = Guid.NewGuid();

    [Fact]
    public void Share_is_of_what_was_judged_of_the_candidate()
    {
        var seen = Observe(
            AnalysisComparison.Absolute, [.. Marks(Candidate, Gate, 0, 1, 3), .. Marks(Candidate, Crane, 5, 2, 2), .. Marks(Stable, Gate, 0, 9, 0)]);

        Assert.Equal((37.5, 8), (seen.Value!.Value, seen.Samples.Detections));
        Assert.Equal((null, null), (seen.BaselineValue, seen.Lower));
    }

    [Theory]
    [InlineData(AnalysisComparison.Absolute)]
    [InlineData(AnalysisComparison.Difference)]
    public void Where_nobody_judged_the_candidate_there_is_no_data(AnalysisComparison compare)
    {
        var seen = Observe(compare, [.. Marks(Stable, Gate, 0, 3, 3)]);

        Assert.Equal((null, null, 0), (seen.Value, seen.BaselineValue, seen.Samples.Detections));
    }

    [Fact]
    public void Versions_are_compared_where_both_were_judged_alone()
    {
        var seen = Observe(
            AnalysisComparison.Difference,
            [
                .. Marks(Stable, Gate, 0, 1, 9), .. Marks(Candidate, Gate, 0, 4, 6),
                .. Marks(Stable, Gate, 1, 2, 8), .. Marks(Candidate, Gate, 1, 6, 4),
                .. Marks(Stable, Crane, 1, 0, 10), .. Marks(Candidate, Crane, 1, 2, 8),

                // Nothing to hold it against: another camera, another slot.
                .. Marks(Candidate, Crane, 0, 50, 0), .. Marks(Stable, Gate, 7, 50, 0),
            ]);

        Assert.Equal((40, 10, 30), (seen.Value!.Value, seen.BaselineValue!.Value, Math.Round(seen.Difference!.Value, 9)));

        // Three equal weights with differences of 30, 40 and 20: mean 30, its standard error 10/sqrt(3), Student's t of two degrees 4.3027.
        Assert.Equal(30 - (4.302_652_73 * 10 / Math.Sqrt(3)), seen.Lower!.Value, 6);
        Assert.Equal(30 + (4.302_652_73 * 10 / Math.Sqrt(3)), seen.Upper!.Value, 6);
        Assert.Equal(30, seen.Samples.Detections);
    }

    [Fact]
    public void Without_a_pair_there_is_no_baseline()
    {
        var seen = Observe(AnalysisComparison.Difference, [.. Marks(Candidate, Gate, 0, 1, 1), .. Marks(Stable, Gate, 1, 1, 1)]);

        Assert.Equal((50, null, null), (seen.Value!.Value, seen.BaselineValue, seen.Difference));
    }

    [Fact]
    public void Frames_and_hours_are_what_was_looked_at()
    {
        var totals = new TrialTotals { FramesInferred = 100, WatchedSeconds = 1800, Detections = 70 };

        var seen = MarkMeasurer.Observe(
            Metric(AnalysisComparison.Absolute),
            [TrialRows.Sample(Candidate, Candidate, Gate, Start, totals), TrialRows.Sample(Candidate, Stable, Gate, Start, totals)],
            [.. Marks(Candidate, Gate, 0, 1, 0)],
            SlotSeconds,
            Candidate,
            Start);

        Assert.Equal((100, 1, 0.5), (seen.Samples.Frames, seen.Samples.Detections, seen.Samples.CameraHours));
    }

    private static AnalysisObservation Observe(AnalysisComparison compare, TrialMark[] marks) =>
        MarkMeasurer.Observe(Metric(compare), [], marks, SlotSeconds, Candidate, Start);

    private static AnalysisMetric Metric(AnalysisComparison compare) => new() { Name = "it", Measure = AnalysisMeasure.FalsePositiveMarks, Compare = compare };

    private static IEnumerable<TrialMark> Marks(Guid deployment, Guid camera, int slot, int wrong, int right) =>
        Enumerable.Range(0, wrong + right).Select(i => new TrialMark(
            deployment,
            camera,
            Start.AddSeconds((slot * SlotSeconds) + (i % SlotSeconds)),
            Start.AddHours(2),
            i < wrong ? DetectionVerdict.FalsePositive : DetectionVerdict.Correct));
}
