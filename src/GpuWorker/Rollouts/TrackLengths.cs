using OrleansAiFleet.Detections;

namespace OrleansAiFleet.GpuWorker.Rollouts;

/// <summary>How long objects are followed: tracks that ended, with the time from their first to their last sight. For one thread at a time.</summary>
internal sealed class TrackLengths
{
    // A tracker gives an object up after two seconds.
    private static readonly TimeSpan Over = TimeSpan.FromSeconds(3);

    // More objects at once than any camera shows; beyond, the oldest are taken for ended.
    private const int Most = 1000;

    private readonly Dictionary<long, (DateTimeOffset First, DateTimeOffset Last)> _open = [];

    /// <summary>Takes a frame's detections.</summary>
    /// <returns>Tracks that turned out to have ended, and their seconds.</returns>
    public (int Tracks, double Seconds) See(DateTimeOffset time, IReadOnlyList<Detection> found)
    {
        foreach (var detection in found)
        {
            if (detection.TrackId is { } track)
            {
                _open[track] = (_open.TryGetValue(track, out var seen) ? seen.First : time, time);
            }
        }

        if (_open.Count == 0)
        {
            return default;
        }

        var over = _open.Where(track => time - track.Value.Last > Over).ToList();
        if (_open.Count - over.Count > Most)
        {
            over = [.. _open.OrderBy(track => track.Value.Last).Take(_open.Count - Most)];
        }

        foreach (var (track, _) in over)
        {
            _open.Remove(track);
        }

        return (over.Count, over.Sum(track => (track.Value.Last - track.Value.First).TotalSeconds));
    }
}
