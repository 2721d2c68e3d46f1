namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>
/// An interval of a mean difference that may be looked at after every observation: with the stated probability it holds the true one at
/// all looks together, so that stopping at the first look that pleases is no cheating. Pure.
/// </summary>
/// <remarks>
/// The mixture sequential test with the variance unknown. Against a mean θ stands the mixture, over effects δ ~ N(0, c²) in standard
/// deviations, of the likelihood ratios of what the scale leaves of the data, a martingale if θ is true:
/// <code>B(θ) = (1 + n c²)^(-1/2) · [(1 + t²/ν) / (1 + t²/(ν (1 + n c²)))]^(n/2), t = √n (mean − θ)/s, ν = n − 1</code>
/// (Rushton 1950, Biometrika 37:326, the sequential t test; Gönen, Johnson, Lu and Westfall 2005, The American Statistician 59:252, the closed
/// form). By Ville's inequality it ever exceeds 1/α with probability α at most; all θ for which it does not are the interval. That is exact
/// for normal differences of whatever variance (Wang and Ramdas 2023, arXiv:2310.03722). For others it holds in large samples: it tends to
/// the mixture SPRT of Johari, Pekelis and Walsh (2022, Operations Research 70:1806) and the asymptotic confidence sequence of
/// Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, Annals of Statistics 52:2613), of which it has the mixing parameter. Differences
/// that hang together from slot to slot have the variance of their mean in the long run put in place of their own.
/// </remarks>
internal static class MixtureSequence
{
    // Beyond, differences say next to nothing new.
    private const double MostAutocorrelation = 0.95;

    /// <summary>Bounds of the mean difference; without end on both sides where there are too few differences to tell.</summary>
    /// <param name="tally">What was seen.</param>
    /// <param name="alpha">How often it may fail to hold the true difference at any look, above 0 and below 1.</param>
    /// <param name="tightestAt">Differences at which it is to be tightest: chosen before anything is seen.</param>
    public static MeanInterval Of(ExperimentTally tally, double alpha, long tightestAt) =>
        Of(tally.Slots, tally.Mean, tally.Squares * Inflation(tally), alpha, tightestAt);

    /// <summary>The same of differences that do not hang together.</summary>
    /// <param name="count">How many.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="squares">Sum of the squares of their distances from it.</param>
    /// <param name="alpha">As above.</param>
    /// <param name="tightestAt">As above.</param>
    public static MeanInterval Of(long count, double mean, double squares, double alpha, long tightestAt)
    {
        if (alpha is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha is above 0 and below 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(tightestAt, 1);

        // Where nothing ever differed, nothing is known of what rarely does.
        if (count < 2 || !(squares > 0))
        {
            return MeanInterval.Everything;
        }

        var n = (double)count;
        var spread = 1 + (n * MixingVariance(alpha, tightestAt));

        // B exceeds 1/α where (1 + u)/(1 + u/spread) exceeds this, u being t²/ν.
        var ratio = Math.Exp(2 / n * ((Math.Log(spread) / 2) - Math.Log(alpha)));
        if (ratio >= spread)
        {
            return MeanInterval.Everything;
        }

        var reach = Math.Sqrt(squares / n * (ratio - 1) / (1 - (ratio / spread)));
        return new(mean - reach, mean + reach);
    }

    /// <summary>
    /// How much more the mean varies than differences that do not hang together would make it: (1 + ρ)/(1 - ρ), the ratio of the long-run
    /// variance to the variance of a first-order autoregression, where ρ is their correlation from slot to slot; 1 where that is not positive.
    /// </summary>
    public static double Inflation(ExperimentTally tally)
    {
        if (tally.Slots < 2 || !(tally.Squares > 0))
        {
            return 1;
        }

        // The sum over (difference - mean)(the one before - mean), out of the products of what is above the first.
        double mean = tally.Mean - tally.First, n = tally.Slots;
        var lagged = tally.Products - (mean * ((2 * n * mean) - (tally.Last - tally.First))) + ((n - 1) * mean * mean);
        var correlation = Math.Clamp(lagged / tally.Squares, 0, MostAutocorrelation);
        return (1 + correlation) / (1 - correlation);
    }

    /// <summary>
    /// The variance c² of effects, in standard deviations, whose interval is about tightest at so many observations
    /// (Waudby-Smith et al. 2024, appendix on the choice of ρ).
    /// </summary>
    public static double MixingVariance(double alpha, long tightestAt)
    {
        var twice = -2 * Math.Log(alpha);
        return (twice + Math.Log(twice + 1)) / tightestAt;
    }
}

/// <summary>Between which bounds a mean is.</summary>
internal readonly record struct MeanInterval(double Lower, double Upper)
{
    /// <summary>Nothing is known.</summary>
    public static MeanInterval Everything { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool IsBounded => double.IsFinite(Lower) && double.IsFinite(Upper);
}
