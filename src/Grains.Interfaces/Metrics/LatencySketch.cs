namespace OrleansAiFleet.Metrics;

/// <summary>
/// Durations in logarithmic buckets 2 % wide: quantiles within about 1 %, mergeable by addition.
/// Immutable and sparse; <see cref="LatencyRecorder"/> fills one.
/// </summary>
/// <remarks>The bucket layout is the one of DDSketch (Masson, Rim, Lee, VLDB 2019) with relative accuracy 1 %.</remarks>
[GenerateSerializer, Immutable, Alias("Fleet.LatencySketch")]
public sealed record LatencySketch
{
    // gamma = (1 + a) / (1 - a) with a = 1 %; bucket i holds (gamma^(i-1), gamma^i] times the smallest duration.
    private const double Gamma = 1.01 / 0.99;
    private const double SmallestMilliseconds = 0.001;

    internal const int BucketCount = 1024;

    private static readonly double LogGamma = Math.Log(Gamma);

    /// <summary>No durations.</summary>
    public static LatencySketch Empty { get; } = new();

    /// <summary>Buckets that hold something, ascending; same length as <see cref="Counts"/>.</summary>
    [Id(0)]
    public int[] Buckets { get; init; } = [];

    [Id(1)]
    public long[] Counts { get; init; } = [];

    /// <summary>Exact sum in milliseconds.</summary>
    [Id(2)]
    public double Sum { get; init; }

    /// <summary>Durations recorded.</summary>
    public long Count => Counts.Sum();

    /// <summary>Exact average in milliseconds, or null without durations.</summary>
    public double? Average => Count is var count and > 0 ? Sum / count : null;

    /// <summary>Duration in milliseconds below which this share of all lies, or null without durations.</summary>
    /// <param name="quantile">0 to 1.</param>
    public double? Quantile(double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantile, 1);
        var rank = quantile * (Count - 1);
        long seen = 0;
        for (var i = 0; i < Buckets.Length; i++)
        {
            seen += Counts[i];
            if (seen > rank)
            {
                return Middle(Buckets[i]);
            }
        }

        return null;
    }

    public static LatencySketch operator +(LatencySketch left, LatencySketch right)
    {
        if (left.Buckets.Length == 0 || right.Buckets.Length == 0)
        {
            return left.Buckets.Length == 0 ? right : left;
        }

        var recorder = new LatencyRecorder();
        recorder.Add(left);
        recorder.Add(right);
        return recorder.ToSketch();
    }

    internal static int BucketOf(double milliseconds) =>
        milliseconds <= SmallestMilliseconds
            ? 0
            : Math.Min(BucketCount - 1, (int)Math.Ceiling(Math.Log(milliseconds / SmallestMilliseconds) / LogGamma));

    private static double Middle(int bucket) =>
        bucket == 0 ? SmallestMilliseconds : SmallestMilliseconds * 2 * Math.Pow(Gamma, bucket) / (Gamma + 1);
}
