using OrleansAiFleet.Deployments.Scaling;

namespace OrleansAiFleet.GpuWorker.Deployments.Scaling;

/// <summary>
/// What the scheduler told this worker last: which models are served by certain workers only. Without it, or once nobody has repeated
/// it for long, every model may be anywhere, as if there were no scheduler.
/// </summary>
internal sealed class InstanceBook(TimeProvider time)
{
    private readonly Lock _gate = new();
    private Page? _page;

    /// <summary>Raised after what is held or served elsewhere changed.</summary>
    public event Action? Changed;

    /// <summary>Takes what the scheduler says, or that it still says the same.</summary>
    /// <returns>False where it has not what is to hold on.</returns>
    public bool Take(string revision, WorkerInstances? instances)
    {
        bool isNew;
        lock (_gate)
        {
            if (instances is null && _page?.Revision != revision)
            {
                return false;
            }

            isNew = _page?.Revision != revision;
            _page = instances is null
                ? _page! with { SaidAt = time.GetTimestamp() }
                : new(
                    revision,
                    time.GetTimestamp(),
                    instances.GoodFor,
                    instances.Routes.ToDictionary(
                        route => route.ModelId, route => route.Workers.Select(SiloAddress.FromParsableString).ToHashSet()));
        }

        if (isNew)
        {
            Changed?.Invoke();
        }

        return true;
    }

    /// <summary>Workers that serve a model; null: any may.</summary>
    public IReadOnlySet<SiloAddress>? WorkersOf(Guid modelId)
    {
        var page = Volatile.Read(ref _page);
        return page is not null && time.GetElapsedTime(page.SaidAt) <= page.GoodFor ? page.Routes.GetValueOrDefault(modelId) : null;
    }

    private sealed record Page(string Revision, long SaidAt, TimeSpan GoodFor, Dictionary<Guid, HashSet<SiloAddress>> Routes);
}
