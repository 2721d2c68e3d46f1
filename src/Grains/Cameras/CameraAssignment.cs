namespace OrleansAiFleet.Cameras;

/// <summary>Decides on which worker a camera that runs nowhere should start. Pure.</summary>
internal static class CameraAssignment
{
    // Equal loads are told apart by address, so that the same question gives the same answer.
    private static readonly Comparer<(int Cameras, string Worker)> Order = Comparer<(int Cameras, string Worker)>.Create(
        (left, right) => left.Cameras != right.Cameras
            ? left.Cameras.CompareTo(right.Cameras)
            : string.CompareOrdinal(left.Worker, right.Worker));

    /// <summary>
    /// A worker for each unplaced camera, always the one with the fewest cameras then. Cameras that run stay where they
    /// are: moving one costs its frames in flight.
    /// </summary>
    /// <param name="workers">Workers that can take cameras.</param>
    /// <param name="placed">Worker of every camera that runs; entries of other silos do not count.</param>
    /// <param name="unplaced">Cameras that need one, in the order in which they are served.</param>
    /// <returns>Empty where there is no worker.</returns>
    public static IReadOnlyDictionary<Guid, string> Spread(
        IReadOnlyCollection<string> workers, IReadOnlyDictionary<Guid, string> placed, IEnumerable<Guid> unplaced)
    {
        var assignment = new Dictionary<Guid, string>();
        if (workers.Count == 0)
        {
            return assignment;
        }

        var load = workers.ToDictionary(worker => worker, _ => 0);
        foreach (var worker in placed.Values)
        {
            if (load.TryGetValue(worker, out var cameras))
            {
                load[worker] = cameras + 1;
            }
        }

        var queue = new PriorityQueue<string, (int Cameras, string Worker)>(
            load.Select(entry => (entry.Key, (entry.Value, entry.Key))), Order);
        foreach (var camera in unplaced)
        {
            queue.TryDequeue(out var worker, out var key);
            assignment[camera] = worker!;
            queue.Enqueue(worker!, (key.Cameras + 1, worker!));
        }

        return assignment;
    }
}
