using System.Collections.Concurrent;

namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>The decoders this worker runs as processes: what they use counts as the worker's.</summary>
internal interface IChildProcesses
{
    /// <summary>A child was started.</summary>
    void Add(int processId);

    /// <summary>It ended.</summary>
    void Remove(int processId);
}

/// <summary>The children alive now.</summary>
internal sealed class ChildProcesses : IChildProcesses
{
    private readonly ConcurrentDictionary<int, bool> _ids = new();

    public IEnumerable<int> Ids => _ids.Keys;

    public void Add(int processId) => _ids[processId] = true;

    public void Remove(int processId) => _ids.TryRemove(processId, out _);
}
