using Microsoft.Extensions.Logging.Abstractions;

using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Storage.Rollouts;

namespace OrleansAiFleet.Benchmarks.Inference;

/// <summary>Cameras that are in no rollout.</summary>
internal sealed class NoTrials : ITrialWriter
{
    public static TrialLedger Ledger() => new(new NoTrials(), TimeProvider.System, NullLogger<TrialLedger>.Instance);

    public Task WriteAsync(IReadOnlyList<TrialSample> samples, IReadOnlyList<ShadowDetection> found, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
