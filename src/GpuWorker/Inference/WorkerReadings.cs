using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Metrics;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>What the rest of this worker says for its status.</summary>
/// <param name="Resources">CPU and memory.</param>
/// <param name="Cameras">Streams that run.</param>
/// <param name="JournaledBatches">Frame batches waiting in the local journal.</param>
internal sealed record WorkerReadings(IResourceReadings Resources, ICameraCount Cameras, Func<long> JournaledBatches);
