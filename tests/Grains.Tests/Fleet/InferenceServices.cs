using System.Collections.Concurrent;

using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Inference services that answer as the test says.</summary>
internal sealed class InferenceServices : IInferenceServiceClient
{
    private readonly ConcurrentDictionary<SiloAddress, string> _revisions = new();

    /// <summary>Silos that never answer.</summary>
    public ConcurrentDictionary<SiloAddress, bool> Silent { get; } = new();

    /// <summary>What the scheduler told each worker last.</summary>
    public ConcurrentDictionary<SiloAddress, WorkerInstances> Told { get; } = new();

    /// <summary>Workers that never come to an end with loading; others are done at once.</summary>
    public ConcurrentDictionary<SiloAddress, bool> Slow { get; } = new();

    /// <summary>Busy share of a model's instances on every worker that has it, 0 to 1; 0 by default.</summary>
    public ConcurrentDictionary<Guid, double> Busy { get; } = new();

    /// <summary>What comes of settings that are tried.</summary>
    public Func<ConfigurationTrial, ConfigurationMeasurement> Measure { get; set; } =
        trial => new() { Configuration = trial.Configuration, Fault = TrialFault.NoFrames };

    /// <summary>Memory of every worker in GB.</summary>
    public int RamGb { get; set; } = 8;

    /// <summary>The clock that counters run by.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public IInferenceService On(SiloAddress silo) => new Service(this, silo);

    private sealed class Service(InferenceServices services, SiloAddress silo) : IInferenceService
    {
        public async Task<WorkerStatus> GetStatus(CancellationToken cancellationToken = default)
        {
            if (services.Silent.ContainsKey(silo))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return new()
            {
                Silo = silo.ToParsableString(),
                HostName = "host",
                ExecutionProvider = "CPUExecutionProvider",
                Cores = 4,
                RamBytes = (long)services.RamGb << 30,
                Models = [.. Loaded().Select(StatusOf)],
            };
        }

        public Task<SpilledFrameResult> Infer(SpilledFrame frame, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Health asks for the status alone.");

        public Task<InferredPicture> InferPicture(PictureToInfer picture, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Health asks for the status alone.");

        public Task<ConfigurationMeasurement> Measure(ConfigurationTrial trial, CancellationToken cancellationToken = default) =>
            Task.FromResult(services.Measure(trial));

        public Task<int> GetPending(Guid modelId, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Health asks for the status alone.");

        public Task<bool> Hold(string revision, WorkerInstances? instances, CancellationToken cancellationToken = default)
        {
            if (instances is not null)
            {
                services._revisions[silo] = revision;
                services.Told[silo] = instances;
            }

            return Task.FromResult(services._revisions.GetValueOrDefault(silo) == revision);
        }

        private IEnumerable<Guid> Loaded() => !services.Slow.ContainsKey(silo) && services.Told.TryGetValue(silo, out var told)
            ? told.Held.Select(model => model.ModelId)
            : [];

        private ModelRuntimeStatus StatusOf(Guid modelId) => new()
        {
            ModelId = modelId,
            Instances = 1,
            BusyMilliseconds = (services.Time.GetUtcNow() - ControlCluster.Start).TotalMilliseconds * services.Busy.GetValueOrDefault(modelId),
        };
    }
}
