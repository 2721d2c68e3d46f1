using FsCheck.Xunit;

using OrleansAiFleet.Rollouts.Experiments;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Experiments;

/// <summary>Random differences.</summary>
[Properties(MaxTest = 200)]
public sealed class ExperimentPropertyTests
{
    [Property]
    public void Tally_is_what_all_differences_at_once_come_to(int seed)
    {
        var values = Values(seed);
        var mean = values.Average(value => value.B - value.A);

        var tally = Tally(values);

        Assert.Equal((values.Length, 3L * values.Length), (tally.Slots, tally.Pairs));
        Assert.Equal(mean, tally.Mean, 1e-9 * Scale(values));
        Assert.Equal(values.Average(value => value.A), tally.MeanOfA, 1e-9 * Scale(values));
        Assert.Equal(values.Sum(value => Math.Pow(value.B - value.A - mean, 2)), tally.Squares, 1e-9 * values.Length * Scale(values) * Scale(values));
    }

    [Property]
    public void Interval_holds_the_mean_and_alpha_widens_it(int seed)
    {
        var tally = Tally(Values(seed));

        var (wide, narrow) = (MixtureSequence.Of(tally, 0.01, 200), MixtureSequence.Of(tally, 0.1, 200));

        Assert.InRange(tally.Mean, narrow.Lower, narrow.Upper);
        Assert.True(wide.Lower <= narrow.Lower && wide.Upper >= narrow.Upper, $"{wide} {narrow}");
    }

    // Whoever is called A must not decide.
    [Property]
    public void Other_way_round_everything_is_the_other_way_round(int seed)
    {
        var values = Values(seed);
        (double A, double B)[] turned = [.. values.Select(value => (value.B, value.A))];

        var (there, back) = (MixtureSequence.Of(Tally(values), 0.05, 200), MixtureSequence.Of(Tally(turned), 0.05, 200));

        Assert.Equal(there.IsBounded, back.IsBounded);
        if (there.IsBounded)
        {
            Assert.Equal(there.Lower, -back.Upper, 1e-6 * Scale(values));
            Assert.Equal(there.Upper, -back.Lower, 1e-6 * Scale(values));
        }
    }

    [Property]
    public void Never_is_B_better_where_a_metric_is_worse_or_unknown(int seed)
    {
        var random = new Random(seed);
        ExperimentResult[] results =
            [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => new ExperimentResult { Finding = (ExperimentFinding)random.Next(6) })];

        var verdict = ExperimentJudge.Verdict(results);

        var isBad = results.Any(result => result.Finding is ExperimentFinding.Worse or ExperimentFinding.Undecided or ExperimentFinding.Different);
        Assert.False(isBad && verdict is ExperimentVerdict.BIsBetter or ExperimentVerdict.NoDifference, $"{verdict}");
        Assert.Equal(results.Any(result => result.Finding == ExperimentFinding.Worse), verdict == ExperimentVerdict.BIsWorse);
    }

    private static (double A, double B)[] Values(int seed)
    {
        var random = new Random(seed);
        var (scale, more) = (Math.Pow(10, random.Next(-3, 4)), random.NextDouble() - 0.5);
        return [.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => (scale * (5 + random.NextDouble()), scale * (5 + more + random.NextDouble())))];
    }

    private static ExperimentTally Tally((double A, double B)[] values) =>
        values.Aggregate(ExperimentTally.Empty, (tally, value) => tally.With(value.A, value.B, 3));

    private static double Scale((double A, double B)[] values) => values.Max(value => Math.Abs(value.A) + Math.Abs(value.B));
}
