using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Vision.Detections;

namespace OrleansAiFleet.GpuWorker.Deployments.Optimization;

/// <summary>Counts what becomes of the frames of one trial. For many threads.</summary>
internal sealed class TrialTally
{
    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];
    private int _lost;
    private int _compared;
    private int _alike;
    private int _found;

    public int Inferred => Read(() => _milliseconds.Count);

    public int Settled => Read(() => _milliseconds.Count + _lost);

    /// <summary>Frames whose objects were compared.</summary>
    public int Compared => Read(() => _compared);

    /// <summary>A frame was inferred within this time of its arrival.</summary>
    public void Infer(double milliseconds)
    {
        lock (_gate)
        {
            _milliseconds.Add(milliseconds);
        }
    }

    /// <summary>A frame was due and not inferred.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            _lost++;
        }
    }

    public void Compare(ObjectAgreement objects)
    {
        lock (_gate)
        {
            (_compared, _alike, _found) = (_compared + 1, _alike + objects.Alike, _found + objects.Found);
        }
    }

    /// <summary>What was counted in so many seconds.</summary>
    public ConfigurationMeasurement ToMeasurement(double seconds)
    {
        lock (_gate)
        {
            double[] ordered = [.. _milliseconds.Order()];
            return new()
            {
                Seconds = seconds,
                Frames = ordered.Length + _lost,
                Inferred = ordered.Length,
                LatencyP50Milliseconds = Percentile(ordered, 0.50),
                LatencyP95Milliseconds = Percentile(ordered, 0.95),
                Agreement = _found > 0 ? (double)_alike / _found : null,
                ComparedFrames = _compared,
            };
        }
    }

    // The smallest that so many of them are not above.
    private static double? Percentile(double[] ordered, double share) =>
        ordered.Length == 0 ? null : ordered[Math.Max(0, (int)Math.Ceiling(share * ordered.Length) - 1)];

    private int Read(Func<int> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
