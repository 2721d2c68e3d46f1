using System.Collections.Concurrent;

using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Rollouts;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Keeps what is measured for rollouts.</summary>
internal sealed class RecordingTrials : ITrialWriter
{
    public ConcurrentQueue<TrialSample> Samples { get; } = new();

    public ConcurrentQueue<ShadowDetection> Found { get; } = new();

    /// <summary>Thrown at every write while it is set.</summary>
    public Exception? Failure { get; set; }

    public Task WriteAsync(IReadOnlyList<TrialSample> samples, IReadOnlyList<ShadowDetection> found, CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
        {
            return Task.FromException(failure);
        }

        foreach (var sample in samples)
        {
            Samples.Enqueue(sample);
        }

        foreach (var each in found)
        {
            Found.Enqueue(each);
        }

        return Task.CompletedTask;
    }
}
