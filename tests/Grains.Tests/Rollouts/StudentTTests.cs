using OrleansAiFleet.Rollouts.Analysis;

namespace OrleansAiFleet.Grains.Tests.Rollouts;

/// <summary>Against printed tables (NIST/SEMATECH e-Handbook 1.3.6.7.2) and the closed forms for one, two and four degrees of freedom.</summary>
public sealed class StudentTTests
{
    [Theory]
    [InlineData(0.975, 1, 12.706)]
    [InlineData(0.975, 2, 4.303)]
    [InlineData(0.975, 3, 3.182)]
    [InlineData(0.975, 5, 2.571)]
    [InlineData(0.975, 10, 2.228)]
    [InlineData(0.975, 30, 2.042)]
    [InlineData(0.975, 60, 2.000)]
    [InlineData(0.975, 100, 1.984)]
    [InlineData(0.95, 1, 6.314)]
    [InlineData(0.95, 5, 2.015)]
    [InlineData(0.95, 20, 1.725)]
    [InlineData(0.90, 8, 1.397)]
    [InlineData(0.99, 7, 2.998)]
    [InlineData(0.995, 10, 3.169)]
    [InlineData(0.999, 4, 7.173)]
    [InlineData(0.999, 100, 3.174)]
    public void Quantile_is_the_printed_one(double probability, double freedom, double quantile) =>
        Assert.Equal(quantile, StudentT.Quantile(probability, freedom), 0.0006);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.6)]
    [InlineData(0.9)]
    [InlineData(0.975)]
    [InlineData(0.995)]
    [InlineData(0.9999)]
    public void Quantile_is_that_of_the_closed_forms(double probability)
    {
        var (twice, a) = ((2 * probability) - 1, 4 * probability * (1 - probability));
        var q = Math.Cos(Math.Acos(Math.Sqrt(a)) / 3) / Math.Sqrt(a);

        Close(Math.Tan(Math.PI * (probability - 0.5)), StudentT.Quantile(probability, 1));
        Close(twice * Math.Sqrt(2 / a), StudentT.Quantile(probability, 2));
        Close(2 * Math.Sqrt(Math.Max(0, q - 1)), StudentT.Quantile(probability, 4));
    }

    [Fact]
    public void Quantile_comes_to_that_of_the_normal_distribution()
    {
        Assert.Equal(1.959963984540, StudentT.Quantile(0.975, 1e9), 1e-7);
        Assert.Equal(2.575829303549, StudentT.Quantile(0.995, 1e9), 1e-7);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(1.7)]
    [InlineData(6.25)]
    [InlineData(333.3)]
    [InlineData(1e6)]
    public void Tail_of_the_quantile_is_what_was_asked_and_both_sides_are_alike(double freedom)
    {
        foreach (var probability in new[] { 0.51, 0.75, 0.975, 0.9999 })
        {
            var quantile = StudentT.Quantile(probability, freedom);

            Assert.Equal(1 - probability, StudentT.UpperTail(quantile, freedom), (1 - probability) * 1e-9);
            Close(-quantile, StudentT.Quantile(1 - probability, freedom));
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(double.NaN, 5)]
    [InlineData(0.9, 0)]
    [InlineData(0.9, double.NaN)]
    [InlineData(0.9, double.PositiveInfinity)]
    public void What_has_no_quantile_is_refused(double probability, double freedom) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(probability, freedom));

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-9 + (1e-9 * Math.Abs(expected)));
}
