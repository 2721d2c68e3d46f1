using OrleansAiFleet.Rollouts.Analysis;
using OrleansAiFleet.Rollouts.Experiments;

using Xunit.Abstractions;

namespace OrleansAiFleet.Grains.Tests.Rollouts.Experiments;

/// <summary>That one may look after every observation, shown by simulation with fixed seeds.</summary>
public sealed class MixtureSequenceTests(ITestOutputHelper output)
{
    private const double Alpha = 0.05;
    private const int TightestAt = 500;
    private const int Runs = 2000;
    private const int Longest = 2000;
    private const int Least = 100;

    // Three standard errors of a share of Alpha among so many runs: a right test fails once in some seven hundred seeds.
    private static readonly double Margin = 3 * Math.Sqrt(Alpha * (1 - Alpha) / Runs);

    public static TheoryData<string, int> Null => new()
    {
        { "normal", 2 }, { "normal", Least }, { "bernoulli", Least }, { "rare", Least }, { "skewed", Least }, { "uniform", Least },
    };

    [Theory]
    [MemberData(nameof(Null))]
    public void Without_a_difference_looking_after_every_difference_errs_no_more_often_than_alpha(string kind, int least)
    {
        var wrong = Enumerable.Range(0, Runs).Count(seed => StopsAt(Draws(kind, seed, 0), least) is not null);

        output.WriteLine($"{kind} from {least} on: {wrong} of {Runs} runs of {Longest} differences say that there is a difference");
        Assert.True((double)wrong / Runs <= Alpha + Margin, $"{kind}: {wrong} of {Runs} runs say that there is a difference.");
    }

    // The check above can fail: this is how often the interval of a t test errs when it is looked at as often.
    [Fact]
    public void T_test_looked_at_after_every_difference_errs_far_more_often()
    {
        var wrong = Enumerable.Range(0, Runs).Count(seed => NaivelyStops(Draws("normal", seed, 0)));

        output.WriteLine($"repeated t test: {wrong} of {Runs} runs say that there is a difference");
        Assert.True((double)wrong / Runs > 4 * Alpha, $"{wrong} of {Runs} runs say that there is a difference.");
    }

    // Weather lasts longer than a slot: differences hang together from one to the next.
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.6)]
    public void Differences_that_hang_together_err_no_more_often(double correlation)
    {
        var wrong = Enumerable.Range(0, Runs).Count(seed => StopsAt(Hanging(correlation, seed), Least) is not null);
        var bare = Enumerable.Range(0, Runs).Count(seed => StopsAt(Hanging(correlation, seed), Least, tally =>
            MixtureSequence.Of(tally.Slots, tally.Mean, tally.Squares, Alpha, TightestAt)) is not null);

        output.WriteLine($"correlation {correlation}: {wrong} of {Runs} runs, {bare} where it is not reckoned with");
        Assert.True((double)wrong / Runs <= Alpha + Margin, $"{wrong} of {Runs} runs say that there is a difference.");
        Assert.True((double)bare / Runs > 2 * Alpha, $"{bare} of {Runs} runs say so where it is not reckoned with.");
    }

    // Cameras of one worker are slow together: eight of them in one slot are not eight observations.
    [Fact]
    public void Cameras_of_one_slot_are_one_observation()
    {
        const int cameras = 8, runs = 500;
        var (together, apart) = (0, 0);
        for (var seed = 0; seed < runs; seed++)
        {
            var slots = Slots(cameras, seed);
            together += StopsAt(slots.Select(slot => slot.Average()), Least) is null ? 0 : 1;
            apart += StopsAt(slots.SelectMany(slot => slot), Least * cameras) is null ? 0 : 1;
        }

        output.WriteLine($"cameras together {together}, each by itself {apart} of {runs} runs");
        Assert.True((double)together / runs <= Alpha + (3 * Math.Sqrt(Alpha * (1 - Alpha) / runs)), $"{together} of {runs} runs.");
        Assert.True(apart > 2 * Alpha * runs, $"{apart} of {runs} runs.");
    }

    [Fact]
    public void Correlation_is_that_of_each_difference_with_the_one_before()
    {
        double[] values = [.. Hanging(0.6, 11).Take(500).Select(value => 40 + value)];
        var mean = values.Average();
        var correlation = values.Zip(values.Skip(1), (before, after) => (before - mean) * (after - mean)).Sum()
            / values.Sum(value => (value - mean) * (value - mean));

        var tally = values.Aggregate(ExperimentTally.Empty, (sum, value) => sum.With(0, value, 1));

        Assert.InRange(correlation, 0.5, 0.7);
        Assert.Equal((1 + correlation) / (1 - correlation), MixtureSequence.Inflation(tally), 6);
        Assert.Equal(1, MixtureSequence.Inflation(ExperimentTally.Empty.With(0, 1, 1).With(0, 2, 1).With(0, 1, 1).With(0, 2, 1)));
    }

    [Theory]
    [InlineData("normal", 0.2, 0.99, 500)]
    [InlineData("skewed", 0.2, 0.99, 500)]
    [InlineData("normal", 0.1, 0.85, 1400)]
    public void With_a_difference_it_ends(string kind, double effect, double power, int most)
    {
        const int few = 500;
        var ends = Enumerable.Range(0, few).Select(seed => StopsAt(Draws(kind, seed, effect), Least)).ToList();

        var found = ends.Count(end => end?.Sign > 0);
        var mean = ends.Average(end => end?.Count ?? Longest);
        output.WriteLine($"{kind}, {effect} deviations: found by {found} of {few} runs, after {mean:0} on average");
        Assert.True(found >= power * few, $"{found} of {few} runs found it.");
        Assert.True(mean <= most, $"{mean} on average.");
        Assert.Equal(0, ends.Count(end => end?.Sign < 0));
    }

    [Fact]
    public void True_difference_is_in_the_interval_at_all_looks_together()
    {
        const double effect = 0.3;
        var missed = Enumerable.Range(0, Runs).Count(seed =>
        {
            var tally = ExperimentTally.Empty;
            return Draws("normal", seed, effect).Any(value =>
            {
                tally = tally.With(0, value, 1);
                return MixtureSequence.Of(tally, Alpha, TightestAt) is var interval && (interval.Lower > effect || interval.Upper < effect);
            });
        });

        Assert.True((double)missed / Runs <= Alpha + Margin, $"{missed} of {Runs} runs leave it out.");
    }

    [Fact]
    public void Interval_is_where_the_mixture_of_likelihood_ratios_reaches_one_over_alpha()
    {
        var seen = Draws("skewed", 7, 0.4).Take(321).Aggregate(ExperimentTally.Empty, (sum, value) => sum.With(0, value, 1));
        var tally = seen with { Squares = seen.Squares * MixtureSequence.Inflation(seen) };

        var interval = MixtureSequence.Of(seen, Alpha, TightestAt);

        Assert.Equal(-Math.Log(Alpha), LogMixture(tally, interval.Lower), 9);
        Assert.Equal(-Math.Log(Alpha), LogMixture(tally, interval.Upper), 9);
        Assert.True(LogMixture(tally, tally.Mean) < 0);
    }

    // The ratio of the densities of t, integrated over effects by the trapezoid rule: no closed form in it.
    [Theory]
    [InlineData(12, 1.7)]
    [InlineData(40, -2.9)]
    [InlineData(300, 3.4)]
    public void Closed_form_is_the_integral_of_the_noncentral_t_ratio(int pairs, double t)
    {
        const int steps = 4000;
        var variance = MixtureSequence.MixingVariance(Alpha, TightestAt);
        var deviation = Math.Sqrt(variance);
        var integral = Enumerable.Range(-steps, (2 * steps) + 1).Sum(i =>
        {
            var effect = 8.0 * i / steps * deviation;
            var weight = Math.Exp(-effect * effect / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
            return weight * NoncentralRatio(pairs, t, effect * Math.Sqrt(pairs)) * (8.0 / steps * deviation);
        });

        var tally = new ExperimentTally { Slots = pairs, Mean = t / Math.Sqrt(pairs), Squares = pairs - 1 };

        Assert.Equal(Math.Log(integral), LogMixture(tally, 0), 5);
    }

    [Fact]
    public void Few_differences_tell_nothing_and_equal_ones_neither()
    {
        Assert.False(MixtureSequence.Of(ExperimentTally.Empty, Alpha, TightestAt).IsBounded);
        Assert.False(MixtureSequence.Of(ExperimentTally.Empty.With(1, 2, 1), Alpha, TightestAt).IsBounded);
        Assert.False(MixtureSequence.Of(ExperimentTally.Empty.With(1, 2, 1).With(1, 3, 1), Alpha, TightestAt).IsBounded);

        // No error in four hundred slots of either: one in a thousand is as possible as none.
        var alike = Enumerable.Range(0, 400).Aggregate(ExperimentTally.Empty, (sum, _) => sum.With(0, 0, 1));
        Assert.False(MixtureSequence.Of(alike, Alpha, TightestAt).IsBounded);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Alpha_is_a_probability(double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MixtureSequence.Of(ExperimentTally.Empty, alpha, TightestAt));

    private static (int Count, int Sign)? StopsAt(IEnumerable<double> draws, int least, Func<ExperimentTally, MeanInterval>? bounds = null)
    {
        bounds ??= tally => MixtureSequence.Of(tally, Alpha, TightestAt);
        var tally = ExperimentTally.Empty;
        foreach (var value in draws)
        {
            tally = tally.With(0, value, 1);
            if (tally.Slots >= least && bounds(tally) is var interval && (interval.Lower > 0 || interval.Upper < 0))
            {
                return ((int)tally.Slots, Math.Sign(tally.Mean));
            }
        }

        return null;
    }

    private static bool NaivelyStops(IEnumerable<double> draws)
    {
        var tally = ExperimentTally.Empty;
        var quantile = StudentT.Quantile(1 - (Alpha / 2), Least - 1);
        return draws.Any(value =>
        {
            tally = tally.With(0, value, 1);
            return tally.Slots >= Least && Math.Abs(tally.Mean) > quantile * Deviation(tally) / Math.Sqrt(tally.Slots);
        });
    }

    private static double Deviation(ExperimentTally tally) => Math.Sqrt(tally.Squares / (tally.Slots - 1));

    private static double LogMixture(ExperimentTally tally, double mean)
    {
        double n = tally.Slots, freedom = n - 1;
        var spread = 1 + (n * MixtureSequence.MixingVariance(Alpha, TightestAt));
        var square = n * Math.Pow((tally.Mean - mean) / Deviation(tally), 2);
        return (-Math.Log(spread) / 2) + (n / 2 * (Math.Log(1 + (square / freedom)) - Math.Log(1 + (square / (freedom * spread)))));
    }

    // Density of the noncentral t against the central one at t: exp(-δ²/2) times the mean of exp(δ t w) over w = √(χ²(n)/(ν + t²)), as the
    // density's integral form has it (Johnson, Kotz and Balakrishnan 1995, 31.3).
    private static double NoncentralRatio(int pairs, double t, double noncentrality)
    {
        const int steps = 400;
        var root = Math.Sqrt(pairs - 1 + (t * t));
        var (sum, norm) = (0.0, 0.0);
        for (var i = 1; i <= steps; i++)
        {
            var chi = Math.Sqrt(pairs) + (8.0 * ((2.0 * i / steps) - 1));
            if (chi > 0)
            {
                var weight = Math.Exp(((pairs - 1) * Math.Log(chi)) - (chi * chi / 2) - ((pairs - 1) * Math.Log(pairs) / 2) + (pairs / 2.0));
                norm += weight;
                sum += weight * Math.Exp(noncentrality * t * chi / root);
            }
        }

        return Math.Exp(-noncentrality * noncentrality / 2) * sum / norm;
    }

    private static IEnumerable<double> Hanging(double correlation, int seed)
    {
        var last = 0.0;
        return Draws("normal", seed, 0).Select(value => last = (correlation * last) + (Math.Sqrt(1 - (correlation * correlation)) * value));
    }

    // Half of what a camera's difference varies by is common to all cameras of the slot.
    private static List<double[]> Slots(int cameras, int seed)
    {
        using var own = Enumerable.Range(0, cameras).SelectMany(camera => Draws("normal", (seed * 100) + camera + 1, 0)).GetEnumerator();
        double Next() => own.MoveNext() ? own.Current : throw new InvalidOperationException();
        return [.. Draws("normal", seed * 100, 0).Select(common => Enumerable.Range(0, cameras).Select(_ => (common + Next()) / Math.Sqrt(2)).ToArray())];
    }

    // Differences with a standard deviation of about one.
    private static IEnumerable<double> Draws(string kind, int seed, double effect)
    {
        var random = new Random(HashCode(kind, seed));
        return Enumerable.Range(0, Longest).Select(_ => effect + kind switch
        {
            "bernoulli" => (random.NextDouble() < 0.5 ? 1 : -1) * (random.NextDouble() < 0.5 ? 1.414 : 0),
            "rare" => (random.NextDouble() < 0.5 ? 1 : -1) * (random.NextDouble() < 0.05 ? 4.47 : 0),
            "skewed" => -Math.Log(1 - random.NextDouble()) - 1,
            "uniform" => (random.NextDouble() - 0.5) * Math.Sqrt(12),
            _ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()),
        });
    }

    // The same in every process, unlike that of strings.
    private static int HashCode(string kind, int seed) => kind.Aggregate(seed * 7919, (hash, letter) => (hash * 31) + letter);
}
