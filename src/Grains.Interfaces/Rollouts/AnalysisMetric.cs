namespace OrleansAiFleet.Rollouts;

/// <summary>
/// What is measured of a model on trial, how often, and when that is good or bad. The fields and their meaning are those of
/// a metric in Argo Rollouts; where its documentation and its code differ, the words here are what is done.
/// </summary>
[GenerateSerializer, Immutable, Alias("Fleet.AnalysisMetric")]
public sealed record AnalysisMetric
{
    /// <summary>Unique in its analysis, upper and lower case being one; 1 to 100 characters.</summary>
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public AnalysisMeasure Measure { get; init; }

    [Id(2)]
    public AnalysisComparison Compare { get; init; }

    /// <summary>Seconds from the end of one measurement to the next, at least 1; null: there is one measurement.</summary>
    [Id(3)]
    public int? IntervalSeconds { get; init; }

    /// <summary>Seconds from the start of the analysis to the first measurement.</summary>
    [Id(4)]
    public int InitialDelaySeconds { get; init; }

    /// <summary>Measurements to take, errors not counted. Null: one without an interval; with one, until the analysis is stopped.</summary>
    [Id(5)]
    public int? Count { get; init; }

    /// <summary>
    /// When a measurement is good, as <c>result &lt; 200 &amp;&amp; upper &lt; 20</c>. Alone, what is not good is bad.
    /// </summary>
    [Id(6)]
    public string? SuccessCondition { get; init; }

    /// <summary>
    /// When a measurement is bad. Alone, what is not bad is good; with <see cref="SuccessCondition"/>, this one is asked
    /// first, and what is neither is inconclusive.
    /// </summary>
    [Id(7)]
    public string? FailureCondition { get; init; }

    /// <summary>The metric fails when more measurements than this failed; -1: never for their number.</summary>
    [Id(8)]
    public int FailureLimit { get; init; }

    /// <summary>The metric is inconclusive when more measurements than this were.</summary>
    [Id(9)]
    public int InconclusiveLimit { get; init; }

    /// <summary>The metric ends in an error when more measurements than this in a row could not be taken.</summary>
    [Id(10)]
    public int ConsecutiveErrorLimit { get; init; } = 4;

    /// <summary>The metric is successful as soon as so many measurements in a row were; 0: that does not end it.</summary>
    [Id(11)]
    public int ConsecutiveSuccessLimit { get; init; }

    /// <summary>Measured and shown, and never of influence on the analysis.</summary>
    [Id(12)]
    public bool DryRun { get; init; }

    /// <summary>What a measurement is that has no value a condition asks for, or too few samples.</summary>
    [Id(13)]
    public NoDataPolicy OnNoData { get; init; } = NoDataPolicy.Inconclusive;

    /// <summary>What a measurement needs at least, on both sides of a comparison; with less it has no data.</summary>
    [Id(14)]
    public AnalysisSamples MinSamples { get; init; } = new();
}

/// <summary>What a value is held against. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.AnalysisComparison")]
public enum AnalysisComparison
{
    /// <summary>The new version's value alone.</summary>
    Absolute = 0,

    /// <summary>Also the version before, on the same cameras in the same hours.</summary>
    Difference = 1,
}

/// <summary>What a measurement without data is. Stored by name: never rename, never renumber.</summary>
[GenerateSerializer, Alias("Fleet.NoDataPolicy")]
public enum NoDataPolicy
{
    /// <summary>Neither good nor bad.</summary>
    Inconclusive = 0,

    /// <summary>Not counted, and tried again soon.</summary>
    Error = 1,

    /// <summary>Bad.</summary>
    Fail = 2,

    /// <summary>Good.</summary>
    Pass = 3,
}
