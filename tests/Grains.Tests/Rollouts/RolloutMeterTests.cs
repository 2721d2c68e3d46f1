using System.Diagnostics.Metrics;

using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class RolloutMeterTests
{
    [Fact]
    public void Ends_are_counted_by_who_or_what_decided()
    {
        using var own = new RolloutMeter();
        List<(string Name, object? Reason)> counted = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, own))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => counted.Add((instrument.Name, tags.Length == 0 ? null : tags[0].Value)));
        listener.Start();

        own.Count(Decision(RolloutPhase.Progressing));
        own.Count(Decision(RolloutPhase.Succeeded));
        own.Count(Decision(RolloutPhase.RollingBack) with { Command = RolloutCommand.RollBack });
        own.Count(Decision(RolloutPhase.RollingBack) with { Analysis = new() { DecidedBy = "error_rate_alert_threshold" } });
        own.Count(Decision(RolloutPhase.RollingBack) with { Analysis = new() { DecidedBy = "agreement" } });
        own.Count(Decision(RolloutPhase.RollingBack));
        own.Count(Decision(RolloutPhase.RolledBack));

        Assert.Equal(
            [
                ("rollouts.promoted", null), ("rollouts.rolled_back", "person"), ("rollouts.rolled_back", "threshold"),
                ("rollouts.rolled_back", "analysis"), ("rollouts.rolled_back", "not_served"),
            ],
            counted);
    }

    private static RolloutDecision Decision(RolloutPhase phase) => new() { Progress = new() { Phase = phase } };
}
