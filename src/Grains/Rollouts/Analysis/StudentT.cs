namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>
/// Student's t distribution, also for degrees of freedom that are not whole. Its distribution function is the regularised
/// incomplete beta function (NIST DLMF 8.17; Abramowitz and Stegun 26.7.1), computed by the continued fraction of
/// DLMF 8.17.22 in the way of Lentz (Numerical Recipes, third edition, 6.4); the quantile is found by halving.
/// Relative error of the quantile: below 1e-9 for probabilities from 0.5 to 0.9999 and from 0.5 degrees of freedom on.
/// </summary>
internal static class StudentT
{
    private const double Accuracy = 1e-15;
    private const double Tiny = 1e-300;
    private const int MostTerms = 10_000;
    private const double SeriesFrom = 32;

    /// <summary>The value that a t variable stays below with this probability.</summary>
    /// <param name="probability">Above 0 and below 1.</param>
    /// <param name="freedom">Degrees of freedom, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is out of its range.</exception>
    public static double Quantile(double probability, double freedom)
    {
        if (probability is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is above 0 and below 1.");
        }

        if (!(freedom > 0) || !double.IsFinite(freedom))
        {
            throw new ArgumentOutOfRangeException(nameof(freedom), freedom, "Degrees of freedom are above 0 and finite.");
        }

        if (probability < 0.5)
        {
            return -Quantile(1 - probability, freedom);
        }

        var tail = 1 - probability;
        var (low, high) = (0.0, 1.0);
        while (UpperTail(high, freedom) > tail && double.IsFinite(high * 2))
        {
            (low, high) = (high, high * 2);
        }

        while (low + ((high - low) / 2) is var middle && middle > low && middle < high)
        {
            (low, high) = UpperTail(middle, freedom) > tail ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Probability of a value above <paramref name="t"/>, which is 0 or more.</summary>
    public static double UpperTail(double t, double freedom)
    {
        var (a, z) = (freedom / 2, t * t / freedom);
        var (x, y) = (1 / (1 + z), z / (1 + z));
        if (z == 0)
        {
            return 0.5;
        }

        // x^a y^b / B(a, b) with b = 1/2. The logarithm is that of 1 + z also where 1 + z has no digit left of z.
        var front = Math.Exp(-a * LogOnePlus(z)) * Math.Sqrt(y / Math.PI) * GammaRatio(a);
        return 0.5 * (x < (a + 1) / (a + 2.5) ? front * Fraction(a, 0.5, x) / a : 1 - (front * Fraction(0.5, a, y) / 0.5));
    }

    private static double Fraction(double a, double b, double x)
    {
        var c = 1.0;
        var d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        var value = d;
        for (var m = 1; m <= MostTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            value *= d * c;

            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            value *= d * c;
            if (Math.Abs((d * c) - 1) < Accuracy)
            {
                break;
            }
        }

        return value;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    // Gamma(a + 1/2) / Gamma(a): the logarithm's asymptotic series (from DLMF 5.11.8) for large a, to which the recurrence leads.
    private static double GammaRatio(double a)
    {
        var ratio = 1.0;
        for (; a < SeriesFrom; a++)
        {
            ratio *= a / (a + 0.5);
        }

        var cube = a * a * a;
        return ratio * Math.Sqrt(a) * Math.Exp((-1 / (8 * a)) + (1 / (192 * cube)) - (1 / (640 * cube * a * a)) + (17 / (14_336 * cube * cube * a)));
    }

    // Goldberg, What every computer scientist should know about floating-point arithmetic, theorem 4.
    private static double LogOnePlus(double z)
    {
        var sum = 1 + z;
        return sum == 1 ? z : z * Math.Log(sum) / (sum - 1);
    }
}
