using System.Globalization;

namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>Says in words what was measured.</summary>
internal static class MeasureText
{
    /// <summary>As in <c>p95 latency 212 ms against 120 ms (difference 92 ms, from 80 ms to 104 ms)</c>.</summary>
    public static string Say(AnalysisMetric metric, Measurement measurement)
    {
        var facts = AnalysisMeasures.Of(metric.Measure);
        var said = $"{facts.Label} {Amount(measurement.Value, facts)}";
        if (metric.Compare == AnalysisComparison.Absolute)
        {
            return said;
        }

        said += $" against {Amount(measurement.BaselineValue, facts)}";
        return measurement is { Difference: { } difference, Lower: { } lower, Upper: { } upper }
            ? $"{said} (difference {Amount(difference, facts)}, from {Amount(lower, facts)} to {Amount(upper, facts)})"
            : said;
    }

    /// <summary>Four digits, or all of a whole number's.</summary>
    public static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 1000 ? "0" : "G4", CultureInfo.InvariantCulture);

    private static string Amount(double? value, AnalysisMeasureFacts facts) =>
        value is not { } number ? "unknown" : facts.Unit.Length == 0 ? Number(number) : $"{Number(number)} {facts.Unit}";
}
