using System.Diagnostics.Metrics;

namespace OrleansAiFleet.Rollouts;

/// <summary>Counts how rollouts end: <c>rollouts_promoted_total</c> and <c>rollouts_rolled_back_total{reason}</c>.</summary>
internal sealed class RolloutMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _promoted;
    private readonly Counter<long> _rolledBack;

    public RolloutMeter()
    {
        _meter = new(new MeterOptions("OrleansAiFleet.Rollouts") { Scope = this });
        _promoted = _meter.CreateCounter<long>("rollouts.promoted", null, "Rollouts whose candidate took over");
        _rolledBack = _meter.CreateCounter<long>("rollouts.rolled_back", null, "Rollouts that went back, by who or what decided");
    }

    /// <summary>A decision was stored.</summary>
    public void Count(RolloutDecision decision)
    {
        if (decision.Progress.Phase == RolloutPhase.Succeeded)
        {
            _promoted.Add(1);
        }
        else if (decision.Progress.Phase == RolloutPhase.RollingBack)
        {
            _rolledBack.Add(1, new KeyValuePair<string, object?>("reason", ReasonOf(decision)));
        }
    }

    /// <summary><c>person</c>, <c>threshold</c> (of the deployment), <c>analysis</c>, or <c>not_served</c>.</summary>
    public static string ReasonOf(RolloutDecision decision) => decision switch
    {
        { Command: not null } => "person",
        { Analysis.DecidedBy: { } metric } when metric.EndsWith("_alert_threshold", StringComparison.OrdinalIgnoreCase) => "threshold",
        { Analysis: not null } => "analysis",
        _ => "not_served",
    };

    public void Dispose() => _meter.Dispose();
}
