using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class AnalysisCheckTests
{
    private static readonly AnalysisMetric Good = Metrics.Latency();

    private static (string Name, string? Field, AnalysisMetric Metric)[] All =>
    [
        ("usual", null, Good),
        ("once", null, Good with { IntervalSeconds = null }),
        ("once by count", null, Good with { IntervalSeconds = null, Count = 1 }),
        ("all of it", null, Good with
        {
            Compare = AnalysisComparison.Difference, InitialDelaySeconds = 60, Count = 10, FailureLimit = 3, InconclusiveLimit = 2,
            ConsecutiveErrorLimit = 0, ConsecutiveSuccessLimit = 10, DryRun = true, OnNoData = NoDataPolicy.Error,
            SuccessCondition = "upper < 20 && samples > 5", MinSamples = new() { Frames = 1000, Detections = 10, CameraHours = 0.5 },
        }),
        ("success condition alone", null, Good with { FailureCondition = null }),
        ("failure condition alone", null, Good with { SuccessCondition = " " }),
        ("failures off", null, Good with { FailureLimit = -1, ConsecutiveSuccessLimit = 3 }),
        ("agreement alone", null, Good with { Measure = AnalysisMeasure.BaselineAgreement }),
        ("no name", "name", Good with { Name = " " }),
        ("null for a name", "name", Good with { Name = null! }),
        ("long name", "name", Good with { Name = new('x', 101) }),
        ("unknown measure", "measure", Good with { Measure = (AnalysisMeasure)99 }),
        ("unknown comparison", "compare", Good with { Compare = (AnalysisComparison)9 }),
        ("unknown policy", "on_no_data", Good with { OnNoData = (NoDataPolicy)9 }),
        ("agreement compared", "compare", Good with { Measure = AnalysisMeasure.BaselineAgreement, Compare = AnalysisComparison.Difference }),
        ("no time between", "interval_seconds", Good with { IntervalSeconds = 0 }),
        ("eternity between", "interval_seconds", Good with { IntervalSeconds = 604_801 }),
        ("negative delay", "initial_delay_seconds", Good with { InitialDelaySeconds = -1 }),
        ("no measurement", "count", Good with { Count = 0 }),
        ("endless measurements", "count", Good with { Count = 10_001 }),
        ("count without an interval", "count", Good with { IntervalSeconds = null, Count = 2 }),
        ("failures below off", "failure_limit", Good with { FailureLimit = -2 }),
        ("failures that cannot be passed", "failure_limit", Good with { Count = 3, FailureLimit = 3 }),
        ("failures among one", "failure_limit", Good with { IntervalSeconds = null, FailureLimit = 1 }),
        ("failures off and nothing else", "failure_limit", Good with { FailureLimit = -1 }),
        ("negative inconclusive", "inconclusive_limit", Good with { InconclusiveLimit = -1 }),
        ("inconclusive that cannot be passed", "inconclusive_limit", Good with { Count = 3, InconclusiveLimit = 3 }),
        ("negative errors", "consecutive_error_limit", Good with { ConsecutiveErrorLimit = -1 }),
        ("negative successes", "consecutive_success_limit", Good with { ConsecutiveSuccessLimit = -1 }),
        ("successes beyond the count", "consecutive_success_limit", Good with { Count = 3, ConsecutiveSuccessLimit = 4 }),
        ("no samples given", "min_samples", Good with { MinSamples = null! }),
        ("negative frames", "min_samples.frames", Good with { MinSamples = new() { Frames = -1 } }),
        ("negative detections", "min_samples.detections", Good with { MinSamples = new() { Detections = -1 } }),
        ("hours that are no number", "min_samples.camera_hours", Good with { MinSamples = new() { CameraHours = double.NaN } }),
        ("no condition", "success_condition", Good with { SuccessCondition = null, FailureCondition = "" }),
        ("unreadable success", "success_condition", Good with { SuccessCondition = "result >" }),
        ("unreadable failure", "failure_condition", Good with { FailureCondition = "result ++" }),
        ("failure that is a number", "failure_condition", Good with { FailureCondition = "result + 1" }),
        ("condition that looks at nothing", "success_condition", Good with { SuccessCondition = "1 < 2" }),
        ("baseline without comparison", "failure_condition", Good with { FailureCondition = "result > 2 * baseline" }),
        ("bounds without comparison", "success_condition", Good with { SuccessCondition = "default(upper, 0) < 2" }),
    ];

    public static TheoryData<string, string?> Cases()
    {
        var data = new TheoryData<string, string?>();
        foreach (var (name, field, _) in All)
        {
            data.Add(name, field);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Metric_is_judged_with_the_field_at_fault(string name, string? field)
    {
        var metric = All.Single(one => one.Name == name).Metric;

        var refusal = AnalysisCheck.Judge("metrics", [Good with { Name = "first" }, Good with { Name = "second" }, metric]);

        Assert.Equal(field is null ? null : $"metrics[2].{field}", refusal?.Field);
        Assert.Equal(field is null ? null : RefusalKind.Invalid, refusal?.Kind);
    }

    [Fact]
    public void Refusal_says_what_to_do()
    {
        Assert.Equal(
            "metrics[0].failure_condition: expected a number at 10.", AnalysisCheck.Judge("metrics", [Good with { FailureCondition = "result > " }])!.Message);
        Assert.Equal(
            "Give metrics[0].success_condition or failure_condition: without either, whatever is measured would be successful.",
            AnalysisCheck.Judge("metrics", [Good with { SuccessCondition = null, FailureCondition = null }])!.Message);
        Assert.Equal(
            "metrics[0].success_condition names lower, upper: that is there only with compare difference.",
            AnalysisCheck.Judge("metrics", [Good with { SuccessCondition = "upper - lower < result" }])!.Message);
    }

    [Fact]
    public void There_are_1_to_20_metrics_each_with_a_name_of_its_own()
    {
        AnalysisMetric[] twenty = [.. Enumerable.Range(0, 20).Select(i => Good with { Name = $"m{i}" })];

        Assert.Null(AnalysisCheck.Judge("metrics", twenty));
        Assert.Equal("metrics", AnalysisCheck.Judge("metrics", [.. twenty, Good])!.Field);
        Assert.Equal("metrics", AnalysisCheck.Judge("metrics", [])!.Field);
        Assert.Equal("metrics[1]", AnalysisCheck.Judge("metrics", [Good, null])!.Field);
        Assert.Equal("metrics[1].name", AnalysisCheck.Judge("metrics", [Good, Good with { Name = "LATENCY" }])!.Field);
    }
}
