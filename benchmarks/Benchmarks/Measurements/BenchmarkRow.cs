namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>One line of a benchmark: ours over the reference.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Ours">Our side.</param>
/// <param name="Reference">The other side, in the same unit.</param>
/// <param name="Target">What the ratio has to keep to; null for a line that only informs.</param>
public sealed record BenchmarkRow(string Case, Measurement Ours, Measurement Reference, RatioTarget? Target = null)
{
    /// <summary>Median over median.</summary>
    public double Ratio => Ours.Median / Reference.Median;

    /// <summary>Smallest and largest ratio of a single round, or null where the sides had unequal numbers of rounds.</summary>
    public (double Least, double Most)? RoundRatios
    {
        get
        {
            if (Ours.Samples.Count != Reference.Samples.Count)
            {
                return null;
            }

            var ratios = Ours.Samples.Zip(Reference.Samples, static (ours, reference) => ours / reference).ToArray();
            return (ratios.Min(), ratios.Max());
        }
    }
}

/// <summary>A bound on a ratio.</summary>
/// <param name="Bound">The bound itself still meets it.</param>
/// <param name="Kind">Which side is good.</param>
public sealed record RatioTarget(double Bound, BoundKind Kind = BoundKind.AtMost)
{
    /// <summary>True where the ratio keeps to the bound.</summary>
    public bool IsMetBy(double ratio) => Kind == BoundKind.AtMost ? ratio <= Bound : ratio >= Bound;

    public override string ToString() => FormattableString.Invariant($"{(Kind == BoundKind.AtMost ? "≤" : "≥")} {Bound:0.##}");
}

/// <summary>Which side of a bound is good.</summary>
public enum BoundKind
{
    AtMost,
    AtLeast,
}
