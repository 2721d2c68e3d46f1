namespace OrleansAiFleet.Metrics;

/// <summary>Records durations for a <see cref="LatencySketch"/>. For one thread at a time; recording allocates nothing.</summary>
public sealed class LatencyRecorder
{
    private readonly long[] _counts = new long[LatencySketch.BucketCount];
    private double _sum;

    /// <summary>Records one duration; negative ones count as zero.</summary>
    public void Record(double milliseconds)
    {
        _counts[LatencySketch.BucketOf(milliseconds)]++;
        _sum += Math.Max(0, milliseconds);
    }

    /// <summary>Takes all of a sketch's durations over.</summary>
    public void Add(LatencySketch sketch)
    {
        for (var i = 0; i < sketch.Buckets.Length; i++)
        {
            _counts[sketch.Buckets[i]] += sketch.Counts[i];
        }

        _sum += sketch.Sum;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        _sum = 0;
    }

    /// <summary>What was recorded so far.</summary>
    public LatencySketch ToSketch()
    {
        var used = _counts.Count(count => count != 0);
        var buckets = new int[used];
        var counts = new long[used];
        for (int bucket = 0, i = 0; i < used; bucket++)
        {
            if (_counts[bucket] != 0)
            {
                (buckets[i], counts[i]) = (bucket, _counts[bucket]);
                i++;
            }
        }

        return new() { Buckets = buckets, Counts = counts, Sum = _sum };
    }
}
