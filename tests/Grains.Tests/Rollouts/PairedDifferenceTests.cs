using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

public sealed class PairedDifferenceTests
{
    private const int Runs = 2000;

    // Worked by hand: differences 1, 2, 3, 4, 5 have the mean 3 and the standard error sqrt(2.5 / 5); t(0.975, 4) = 2.776445.
    [Fact]
    public void Interval_of_values_is_the_paired_t_interval()
    {
        PairedValue[] pairs = [new(10, 11), new(20, 22), new(30, 33), new(5, 9), new(0, 5)];

        var interval = PairedDifference.OfValues(pairs);

        Assert.Equal((5, 3.0), (interval.Pairs, interval.Mean!.Value));
        Assert.Equal(3 - (2.776445 * Math.Sqrt(0.5)), interval.Lower!.Value, 1e-5);
        Assert.Equal(3 + (2.776445 * Math.Sqrt(0.5)), interval.Upper!.Value, 1e-5);
    }

    [Fact]
    public void More_confidence_makes_a_wider_interval_around_the_same_mean()
    {
        PairedValue[] pairs = [new(10, 11), new(20, 22), new(30, 33)];

        var (usual, sure) = (PairedDifference.OfValues(pairs), PairedDifference.OfValues(pairs, confidence: 0.99));

        Assert.Equal(usual.Mean, sure.Mean);
        Assert.True(sure.Lower < usual.Lower && sure.Upper > usual.Upper);
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedDifference.OfValues(pairs, confidence: 1));
    }

    [Fact]
    public void One_pair_has_a_difference_and_no_bounds_and_none_has_nothing()
    {
        Assert.Equal(new(1, 4, null, null), PairedDifference.OfValues([new(1, 5)]));
        Assert.Equal(new(0, null, null, null), PairedDifference.OfValues([]));
        Assert.Equal(new(0, null, null, null), PairedDifference.OfRates([]));
    }

    [Fact]
    public void Pair_with_a_side_missing_is_no_pair()
    {
        Assert.Equal(1, PairedDifference.OfValues([new(double.NaN, 5), new(1, double.PositiveInfinity), new(1, 5)]).Pairs);
        Assert.Equal(1, PairedDifference.OfRates([new(0, 0, 1, 10), new(1, 10, 0, 0), new(1, 10, 2, 10)]).Pairs);
    }

    [Fact]
    public void Rates_of_equal_samples_are_compared_as_values_are()
    {
        PairedRate[] rates = [new(1, 100, 4, 100), new(3, 100, 3, 100), new(2, 100, 7, 100), new(0, 100, 1, 100)];

        var ofRates = PairedDifference.OfRates(rates).Times(100);
        var ofValues = PairedDifference.OfValues([.. rates.Select(rate => new PairedValue(rate.BaselineHits, rate.CandidateHits))]);

        Assert.Equal(ofValues.Mean!.Value, ofRates.Mean!.Value, 1e-9);
        Assert.Equal(ofValues.Lower!.Value, ofRates.Lower!.Value, 1e-9);
        Assert.Equal(ofValues.Upper!.Value, ofRates.Upper!.Value, 1e-9);
    }

    // Weights 50 and 150 (half of the samples): (0.1 * 50 + 0.3 * 150) / 200.
    [Fact]
    public void Rates_weigh_by_their_samples() => Assert.Equal(
        0.25, PairedDifference.OfRates([new(0, 100, 10, 100), new(0, 300, 90, 300)]).Mean!.Value, 1e-12);

    [Fact]
    public void One_pair_that_outweighs_all_others_gives_no_bounds()
    {
        var interval = PairedDifference.OfRates([new(10, 1_000_000, 20, 1_000_000), new(0, 10, 1, 10), new(0, 10, 0, 10)]);

        Assert.Equal((3, null, null), (interval.Pairs, interval.Lower, interval.Upper));
    }

    [Fact]
    public void Difference_common_to_all_cameras_is_seen_through_much_larger_differences_between_them()
    {
        PairedValue[] pairs = [.. Enumerable.Range(1, 8).Select(i => new PairedValue(100 * i, (100 * i) + 5 + (i % 3)))];

        Assert.True(PairedDifference.OfValues(pairs).Lower > 4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(60)]
    public void Interval_of_values_holds_the_true_difference_in_95_of_100_runs(int pairs)
    {
        var random = new Random(20260302 + pairs);

        var share = Coverage(() => PairedDifference.OfValues([.. Enumerable.Range(0, pairs).Select(_ => Pair())]), truth: 3);

        Assert.InRange(share, 0.93, 0.97);

        PairedValue Pair()
        {
            // The cameras differ far more than the versions do.
            var camera = 200 + (100 * Normal(random));
            return new(camera + Normal(random), camera + 3 + (2 * Normal(random)));
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(30)]
    public void Interval_of_rates_holds_the_true_difference_in_95_of_100_runs(int pairs)
    {
        var random = new Random(4711 + pairs);

        var share = Coverage(() => PairedDifference.OfRates([.. Enumerable.Range(0, pairs).Select(_ => Pair())]), truth: 0.02);

        Assert.InRange(share, 0.93, 0.97);

        PairedRate Pair()
        {
            var (rate, before, after) = (0.05 + (0.2 * random.NextDouble()), random.Next(40, 200), random.Next(40, 200));
            return new(Hits(random, before, rate), before, Hits(random, after, rate + 0.02), after);
        }
    }

    private static double Coverage(Func<DifferenceInterval> run, double truth) => Enumerable.Range(0, Runs)
        .Select(_ => run())
        .Count(interval => interval.Lower <= truth && truth <= interval.Upper) / (double)Runs;

    // Box and Muller's method.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static int Hits(Random random, int samples, double rate) =>
        Enumerable.Range(0, samples).Count(_ => random.NextDouble() < rate);
}
