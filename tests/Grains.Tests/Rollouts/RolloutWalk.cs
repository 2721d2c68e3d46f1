using System.Text.Json;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Rollouts;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>A rollout and what happens to it, made of any bytes: so that properties are asked of rollouts that nobody thought of.</summary>
internal sealed class RolloutWalk
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly RolloutCommand[] Commands = Enum.GetValues<RolloutCommand>();
    private DateTimeOffset _now = Begin;

    public RolloutWalk(byte[] plan)
    {
        Settings = new()
        {
            Steps = [.. plan.Skip(1).Take(8).Select(StepOf)],
            PromotesItself = plan.Length == 0 || plan[0] % 4 > 0,
            StartsAt = plan.Length > 0 && plan[0] % 3 == 0 ? Begin.AddMinutes(3) : null,
        };
        Progress = RolloutMachine.Start(Begin);
    }

    public RolloutSettings Settings { get; }

    public RolloutProgress Progress { get; set; }

    /// <summary>All that it has been, in order.</summary>
    public List<RolloutProgress> Past { get; } = [];

    /// <summary>Takes what a byte says: minutes that go by, a command, or something that is seen.</summary>
    public void Take(byte happens)
    {
        Past.Add(Progress);
        _now = _now.AddSeconds(happens * 3);
        if (happens % 8 == 0)
        {
            var command = Commands[happens / 8 % Commands.Length];
            if (RolloutTransitions.May(Progress.Phase, command))
            {
                Progress = RolloutMachine.Take(Progress, Settings, command, $"Told to {command}.", _now);
            }

            return;
        }

        Progress = RolloutMachine.Look(Progress, Settings, SeenOf(happens), _now);
    }

    /// <summary>All is well for as long as it takes.</summary>
    public void AllIsWell()
    {
        var well = new RolloutVerdict(RolloutAdvice.Advance, "All is well.");
        for (var i = 0; i < 100; i++)
        {
            _now = _now.AddHours(1);
            Past.Add(Progress);
            Progress = RolloutMachine.Look(Progress, Settings, new(4, 4, well, well), _now);
        }
    }

    /// <summary>Stores it and reads it again, as a silo does that died.</summary>
    public void Revive() => Progress =
        JsonSerializer.Deserialize<RolloutProgress>(JsonSerializer.Serialize(Progress, FleetJson.Options), FleetJson.Options)!;

    private static RolloutStep StepOf(byte step) => (step % 5) switch
    {
        0 or 1 => new() { Kind = RolloutStepKind.SetWeight, Weight = step % 101 },
        2 => new() { Kind = RolloutStepKind.Pause, DurationSeconds = step < 200 ? step : null },
        3 => new() { Kind = RolloutStepKind.Analysis },
        _ => new() { Kind = RolloutStepKind.Shadow },
    };

    private static RolloutObservation SeenOf(byte happens)
    {
        var step = (RolloutAdvice)(happens / 8 % 4);
        var always = (happens / 32) switch { 7 => RolloutAdvice.RollBack, 6 => RolloutAdvice.Hold, _ => RolloutAdvice.Wait };
        var maintenance = happens % 16 == 5 ? "The gate is rebuilt." : null;
        return new(4, happens % 3 == 0 ? 4 : 3, new(step, $"The step says {step}."), new(always, $"Beside it: {always}."), maintenance);
    }
}
