using System.Diagnostics;

namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>One side of a comparison of short actions.</summary>
/// <param name="Label">Which side.</param>
/// <param name="Action">Done over and over.</param>
public sealed record Contender(string Label, Action Action);

/// <summary>
/// Times short actions in turn: every round each side once, the order turned round by round, so that a machine that
/// slows down or is shared slows all sides alike.
/// </summary>
/// <param name="rounds">How many samples each side gets.</param>
/// <param name="roundLength">About how long one side runs per round.</param>
public sealed class Contest(int rounds, TimeSpan roundLength)
{
    /// <summary>Microseconds per action, one measurement per side, in the order given.</summary>
    public IReadOnlyList<Measurement> Run(IReadOnlyList<Contender> contenders, CancellationToken cancellationToken)
    {
        var repetitions = contenders.Select(WarmUp).ToArray();
        var samples = contenders.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Count; turn++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var side = (turn + round) % contenders.Count;
                samples[side][round] = Time(contenders[side].Action, repetitions[side]) / repetitions[side];
            }
        }

        return [.. contenders.Zip(samples, static (contender, times) => new Measurement(contender.Label, "µs", times))];
    }

    // Long enough for the just-in-time compiler's last tier.
    private int WarmUp(Contender contender)
    {
        Time(contender.Action, 200);
        var watch = Stopwatch.StartNew();
        var done = 0;
        while (watch.Elapsed < roundLength)
        {
            contender.Action();
            done++;
        }

        return Math.Max(1, done);
    }

    private static double Time(Action action, int repetitions)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repetitions; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
