namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Counts events of the last hour. Bounded: more than it keeps are counted as that many.</summary>
internal sealed class LastHour(TimeProvider time)
{
    private const int Kept = 1000;

    private readonly Queue<long> _moments = new();

    public void Add()
    {
        if (_moments.Count == Kept)
        {
            _moments.Dequeue();
        }

        _moments.Enqueue(time.GetTimestamp());
    }

    public int Count()
    {
        while (_moments.TryPeek(out var moment) && time.GetElapsedTime(moment) > TimeSpan.FromHours(1))
        {
            _moments.Dequeue();
        }

        return _moments.Count;
    }
}
