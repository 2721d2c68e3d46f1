namespace OrleansAiFleet.Metrics;

/// <summary>Average and maximum of a sampled value, mergeable.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.Gauge")]
public readonly record struct Gauge(
    [property: Id(0)] double Sum, [property: Id(1)] long Samples, [property: Id(2)] double Maximum)
{
    /// <summary>Null where nothing was sampled.</summary>
    public double? Average => Samples == 0 ? null : Sum / Samples;

    /// <summary>Null where nothing was sampled.</summary>
    public double? Highest => Samples == 0 ? null : Maximum;

    /// <summary>With one sample more.</summary>
    public Gauge With(double value) => new(Sum + value, Samples + 1, Samples == 0 ? value : Math.Max(Maximum, value));

    public static Gauge operator +(Gauge left, Gauge right) =>
        left.Samples == 0 ? right
        : right.Samples == 0 ? left
        : new(left.Sum + right.Sum, left.Samples + right.Samples, Math.Max(left.Maximum, right.Maximum));
}
