using System.Collections.Concurrent;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Inference services that answer as the test says.</summary>
internal sealed class InferenceServices : IInferenceServiceClient
{
    /// <summary>Silos that never answer.</summary>
    public ConcurrentDictionary<SiloAddress, bool> Silent { get; } = new();

    public IInferenceService On(SiloAddress silo) => new Service(this, silo);

    private sealed class Service(InferenceServices services, SiloAddress silo) : IInferenceService
    {
        public async Task<WorkerStatus> GetStatus(CancellationToken cancellationToken = default)
        {
            if (services.Silent.ContainsKey(silo))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return new() { Silo = silo.ToParsableString(), HostName = "host", ExecutionProvider = "CPUExecutionProvider" };
        }

        public Task<SpilledFrameResult> Infer(SpilledFrame frame, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Health asks for the status alone.");

        public Task<InferredPicture> InferPicture(PictureToInfer picture, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Health asks for the status alone.");

        public Task<int> GetPending(Guid modelId, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Health asks for the status alone.");
    }
}
