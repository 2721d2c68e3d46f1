namespace OrleansAiFleet.Rollouts.Analysis;

/// <summary>
/// How much two versions differ on the same cameras in the same windows, with bounds. Pairs take the difference between
/// cameras and hours out of the comparison: the interval is that of the mean of the pairs' differences (the paired t
/// interval, Student 1908; NIST/SEMATECH e-Handbook 1.3.5.3), from Student's t distribution. Pure.
/// </summary>
/// <remarks>
/// Rates are pairs of unequal weight: each pair weighs n1 n2 / (n1 + n2), the precision of a difference of two shares of
/// n1 and n2. Variance of the weighted mean: the sum of h² d² / (1 - h) over the pairs, h being a pair's share of the weight and d
/// its distance from the mean (MacKinnon and White 1985, HC2, for a mean); degrees of freedom: Kish's effective number of
/// pairs, 1 / sum of h², less one. With equal weights both are the paired t interval's own.
/// </remarks>
internal static class PairedDifference
{
    /// <summary>How often the interval holds the true difference, where nobody says otherwise.</summary>
    public const double DefaultConfidence = 0.95;

    // Below, one pair has nearly all the weight, and the spread of the others says nothing of it.
    private const double LeastFreedom = 0.5;

    /// <summary>From pairs of values. A pair with a value that is not finite is none.</summary>
    /// <param name="pairs">Both versions on one camera in one window each.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    public static DifferenceInterval OfValues(IReadOnlyCollection<PairedValue> pairs, double confidence = DefaultConfidence) =>
        Interval(
            [.. pairs.Where(pair => double.IsFinite(pair.Candidate - pair.Baseline)).Select(pair => new Weighed(pair.Candidate - pair.Baseline, 1))],
            confidence);

    /// <summary>From pairs of shares: so many of so many, 0 to 1. A pair without samples on one side is none.</summary>
    /// <param name="pairs">Both versions on one camera in one window each.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    public static DifferenceInterval OfRates(IReadOnlyCollection<PairedRate> pairs, double confidence = DefaultConfidence) =>
        Interval(
            [
                .. pairs.Where(pair => pair is { BaselineSamples: > 0, CandidateSamples: > 0 })
                    .Select(pair => new Weighed(
                        ((double)pair.CandidateHits / pair.CandidateSamples) - ((double)pair.BaselineHits / pair.BaselineSamples),
                        1 / ((1.0 / pair.BaselineSamples) + (1.0 / pair.CandidateSamples)))),
            ],
            confidence);

    private static DifferenceInterval Interval(Weighed[] pairs, double confidence)
    {
        if (confidence is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence is above 0 and below 1.");
        }

        if (pairs.Length == 0)
        {
            return new(0, null, null, null);
        }

        var weight = pairs.Sum(pair => pair.Weight);
        var mean = pairs.Sum(pair => pair.Weight / weight * pair.Difference);
        var freedom = (1 / pairs.Sum(pair => Math.Pow(pair.Weight / weight, 2))) - 1;
        if (pairs.Length < 2 || freedom < LeastFreedom)
        {
            return new(pairs.Length, mean, null, null);
        }

        var variance = pairs.Sum(pair =>
        {
            var share = pair.Weight / weight;
            return share * share * Math.Pow(pair.Difference - mean, 2) / (1 - share);
        });
        var reach = StudentT.Quantile((1 + confidence) / 2, freedom) * Math.Sqrt(variance);
        return new(pairs.Length, mean, mean - reach, mean + reach);
    }

    private readonly record struct Weighed(double Difference, double Weight);
}

/// <summary>One camera in one window: the value of the version before and of the new one.</summary>
internal readonly record struct PairedValue(double Baseline, double Candidate);

/// <summary>One camera in one window: hits of samples with the version before and with the new one.</summary>
internal readonly record struct PairedRate(long BaselineHits, long BaselineSamples, long CandidateHits, long CandidateSamples);

/// <summary>The mean difference, new minus before, with its bounds.</summary>
/// <param name="Pairs">Pairs it rests on.</param>
/// <param name="Mean">Null without a pair.</param>
/// <param name="Lower">Null with fewer than two pairs, or where one pair outweighs all others.</param>
/// <param name="Upper">As <paramref name="Lower"/>.</param>
internal sealed record DifferenceInterval(int Pairs, double? Mean, double? Lower, double? Upper)
{
    /// <summary>In another unit: times 100 makes percent of shares.</summary>
    /// <param name="factor">Above 0.</param>
    public DifferenceInterval Times(double factor) => new(Pairs, Mean * factor, Lower * factor, Upper * factor);
}
