namespace OrleansAiFleet.GpuWorker.Metrics;

/// <summary>The processes this worker started, so that what they use counts as the worker's.</summary>
internal interface IChildProcesses
{
    void Add(int processId);

    void Remove(int processId);
}
