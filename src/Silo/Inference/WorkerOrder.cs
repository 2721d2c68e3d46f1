namespace OrleansAiFleet.Silo.Inference;

/// <summary>Which worker is asked first. Pure.</summary>
internal static class WorkerOrder
{
    /// <summary>
    /// Those that have the model loaded, the shortest queue first; then those that would have to load it; last those that did not
    /// say. Among equals the order stays.
    /// </summary>
    /// <param name="workers">Each with its frames waiting: negative where the model is not loaded, null where it did not answer.</param>
    public static T[] Of<T>(IEnumerable<(T Worker, int? Pending)> workers) =>
    [
        .. workers
            .OrderBy(each => each.Pending switch { null => 2, < 0 => 1, _ => 0 })
            .ThenBy(each => each.Pending ?? 0)
            .Select(each => each.Worker),
    ];
}
