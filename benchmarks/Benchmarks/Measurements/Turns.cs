namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>
/// Lets sides run in turn: every round each side once, the order turned round by round, so that a machine that slows down
/// or is shared slows all sides alike. For sides that wait; <see cref="Contest"/> times short actions.
/// </summary>
public static class Turns
{
    /// <summary>One list of samples per side, in the order given, a sample per round.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<TSample>>> RunAsync<TSample>(
        int rounds, IReadOnlyList<Func<CancellationToken, Task<TSample>>> sides, CancellationToken cancellationToken)
    {
        var samples = sides.Select(_ => new TSample[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < sides.Count; turn++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var side = (turn + round) % sides.Count;
                samples[side][round] = await sides[side](cancellationToken);
            }
        }

        return samples;
    }
}
