using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class MeasurementJudgeTests
{
    private const string Holds = "result > 0";
    private const string HoldsNot = "result < 0";
    private const string Unknown = "lower > 0";

    [Theory]
    [InlineData(null, null, AnalysisPhase.Successful)]
    [InlineData(" ", "", AnalysisPhase.Successful)]
    [InlineData(Holds, null, AnalysisPhase.Successful)]
    [InlineData(HoldsNot, null, AnalysisPhase.Failed)]
    [InlineData(null, Holds, AnalysisPhase.Failed)]
    [InlineData(null, HoldsNot, AnalysisPhase.Successful)]
    [InlineData(Holds, Holds, AnalysisPhase.Failed)]
    [InlineData(HoldsNot, Holds, AnalysisPhase.Failed)]
    [InlineData(Holds, HoldsNot, AnalysisPhase.Successful)]
    [InlineData(HoldsNot, HoldsNot, AnalysisPhase.Inconclusive)]
    [InlineData(Unknown, Holds, AnalysisPhase.Failed)]
    public void Conditions_say_what_a_measurement_is(string? success, string? failure, AnalysisPhase phase)
    {
        var metric = Metrics.Latency() with { SuccessCondition = success, FailureCondition = failure, OnNoData = NoDataPolicy.Error };

        Assert.Equal(phase, Judge(metric, new() { Value = 5 }).Phase);
    }

    [Theory]
    [InlineData(NoDataPolicy.Inconclusive, AnalysisPhase.Inconclusive)]
    [InlineData(NoDataPolicy.Error, AnalysisPhase.Error)]
    [InlineData(NoDataPolicy.Fail, AnalysisPhase.Failed)]
    [InlineData(NoDataPolicy.Pass, AnalysisPhase.Successful)]
    public void Without_data_the_metric_says_what_a_measurement_is(NoDataPolicy policy, AnalysisPhase phase)
    {
        var metric = Metrics.Latency() with { OnNoData = policy };
        string?[][] conditions = [["result < 5", null], [null, "result < 5"], ["result < 5", "result > 6"], [Unknown, "result > 6"], ["result < 5", Unknown]];
        foreach (var value in new double?[] { null, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach (var condition in conditions)
            {
                var judged = Judge(metric with { SuccessCondition = condition[0], FailureCondition = condition[1] }, new() { Value = value });

                Assert.Equal((phase, (double?)null), (judged.Phase, judged.Value));
                Assert.StartsWith("no data for p95 latency: ", judged.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Condition_that_looks_at_nothing_missing_is_not_without_data()
    {
        var metric = Metrics.Latency() with { SuccessCondition = "isNaN(result) || result < 5", FailureCondition = null, OnNoData = NoDataPolicy.Fail };

        Assert.Equal(AnalysisPhase.Successful, Judge(metric, new()).Phase);
    }

    [Theory]
    [InlineData(99, 10, 1.5, "99 of at least 100 frames")]
    [InlineData(100, 9, 1.5, "9 of at least 10 detections")]
    [InlineData(100, 10, 1.4, "1.4 of at least 1.5 camera-hours")]
    [InlineData(100, 10, double.NaN, "NaN of at least 1.5 camera-hours")]
    [InlineData(100, 10, 1.5, null)]
    public void Too_few_samples_are_no_data(long frames, long detections, double hours, string? few)
    {
        var metric = Metrics.Latency() with { MinSamples = new() { Frames = 100, Detections = 10, CameraHours = 1.5 } };

        var judged = Judge(metric, new() { Value = 120, Samples = new() { Frames = frames, Detections = detections, CameraHours = hours } });

        Assert.Equal(few is null ? AnalysisPhase.Successful : AnalysisPhase.Inconclusive, judged.Phase);
        Assert.Equal(few is null ? "p95 latency 120 ms" : $"no data for p95 latency: {few}", judged.Message);
    }

    [Theory]
    [InlineData(NoDataPolicy.Pass)]
    [InlineData(NoDataPolicy.Fail)]
    public void What_could_not_be_measured_is_an_error_whatever_no_data_is(NoDataPolicy policy)
    {
        var judged = Judge(Metrics.Latency() with { OnNoData = policy }, new() { Value = 120, Fault = "the database is away" });

        Assert.Equal((AnalysisPhase.Error, "the database is away"), (judged.Phase, judged.Message));
    }

    [Fact]
    public void Stored_condition_that_cannot_be_read_is_an_error_and_says_so()
    {
        var judged = Judge(Metrics.Latency() with { SuccessCondition = "result >" }, new() { Value = 120 });

        Assert.Equal((AnalysisPhase.Error, "the condition cannot be read: expected a number at 9"), (judged.Phase, judged.Message));
    }

    [Theory]
    [InlineData("result == 120 && baseline == 100", true)]
    [InlineData("difference == 19 && lower == 15 && upper == 23", true)]
    [InlineData("samples == 7", true)]
    [InlineData("samples == 40", false)]
    public void Conditions_see_everything_that_was_measured(string condition, bool holds)
    {
        var metric = Metrics.Latency() with
        {
            Measure = AnalysisMeasure.TrackStability,
            Compare = AnalysisComparison.Difference,
            SuccessCondition = condition,
            FailureCondition = null,
        };

        var judged = Judge(metric, new()
        {
            Value = 120,
            BaselineValue = 100,
            Difference = 19,
            Lower = 15,
            Upper = 23,
            Samples = new() { Frames = 40, Detections = 7, CameraHours = 1 },
        });

        Assert.Equal(holds ? AnalysisPhase.Successful : AnalysisPhase.Failed, judged.Phase);
        Assert.Equal((120, 100, 19, 15, 23), (judged.Value, judged.BaselineValue, judged.Difference, judged.Lower, judged.Upper));
    }

    [Fact]
    public void Difference_that_nobody_gave_is_that_of_the_values_and_bounds_stay_unknown()
    {
        var metric = Metrics.Latency() with { Compare = AnalysisComparison.Difference, SuccessCondition = "difference < 30", FailureCondition = null };

        var judged = Judge(metric, new() { Value = 120, BaselineValue = 100 });

        Assert.Equal((AnalysisPhase.Successful, 20.0, (double?)null), (judged.Phase, judged.Difference, judged.Upper));
        Assert.Equal("p95 latency 120 ms against 100 ms", judged.Message);
        Assert.Equal(
            "no data for p95 latency: upper has no value",
            Judge(metric with { SuccessCondition = "upper < 30" }, new() { Value = 120, BaselineValue = 100 }).Message);
    }

    [Fact]
    public void Measurement_says_when_it_began_and_ended()
    {
        var judged = Judge(Metrics.Latency(), new() { Started = Metrics.Start, Value = 5 });

        Assert.Equal((Metrics.Start, Metrics.Start.AddSeconds(3)), (judged.Started, judged.Finished));
    }

    private static Measurement Judge(AnalysisMetric metric, AnalysisObservation observation) =>
        MeasurementJudge.Judge(metric, observation, Metrics.Start.AddSeconds(3));
}
