using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>Metrics and what is measured for them.</summary>
internal static class Metrics
{
    public static DateTimeOffset Start { get; } = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Good up to 150 ms, bad above 200 ms, measured every minute.</summary>
    public static AnalysisMetric Latency(string name = "latency") => new()
    {
        Name = name,
        Measure = AnalysisMeasure.LatencyP95,
        IntervalSeconds = 60,
        SuccessCondition = "result <= 150",
        FailureCondition = "result > 200",
    };

    /// <summary>What makes a measurement of <see cref="Latency"/> come out like this.</summary>
    public static AnalysisObservation Coming(AnalysisPhase phase, DateTimeOffset started) => phase switch
    {
        AnalysisPhase.Successful => new() { Started = started, Value = 120 },
        AnalysisPhase.Failed => new() { Started = started, Value = 212 },
        AnalysisPhase.Inconclusive => new() { Started = started, Value = 180 },
        _ => new() { Started = started, Fault = "no worker answered" },
    };

    /// <summary>As letters: S successful, F failed, I inconclusive, E error.</summary>
    public static AnalysisPhase Phase(char letter) => letter switch
    {
        'S' => AnalysisPhase.Successful,
        'F' => AnalysisPhase.Failed,
        'I' => AnalysisPhase.Inconclusive,
        'E' => AnalysisPhase.Error,
        'R' => AnalysisPhase.Running,
        _ => AnalysisPhase.Pending,
    };
}
