using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansAiFleet.Benchmarks.Inference;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Benchmarks.Models;

/// <summary>One live camera on the looped sample clip, whose model a plan changes as a supervisor's does.</summary>
internal sealed class SwappedStream : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // Two versions of one file: each is loaded and unloaded for itself.
    private readonly ModelReference[] _versions = [SampleRuntime.Model with { ModelId = Guid.NewGuid() }, SampleRuntime.Model with { ModelId = Guid.NewGuid() }];
    private readonly CountingLoader _loader = new();
    private readonly ModelRepository _repository;
    private readonly ProcessLauncher _launcher;
    private readonly CameraStream _stream;
    private CameraPlan _plan;

    public SwappedStream()
    {
        // An unused version leaves at once: else two would do for two hundred swaps.
        var inference = Options.Create(new InferenceOptions { IdleUnload = TimeSpan.Zero });
        _repository = new(
            _loader, new SpillRouter(new NoPeers(), inference, TimeProvider.System, NullLogger<SpillRouter>.Instance), inference,
            TimeProvider.System, NullLogger<ModelRepository>.Instance);
        var cameras = Options.Create(new CameraOptions());
        _launcher = new(new(cameras.Value.ChildRules), new ChildProcesses());
        _plan = new()
        {
            Revision = "0",
            Camera = new()
            {
                Id = Guid.NewGuid(), SiteId = Guid.NewGuid(), Name = "camera", SourceUrl = SampleSite.Clip, SamplingFps = 0, Pace = CameraPace.Live, Loop = true,
            },
            Subscriptions = [new() { DeploymentId = Guid.NewGuid(), Model = _versions[0] }],
        };
        _stream = new(_plan, "benchmark", new(
            cameras, _repository, Ledger, NoTrials.Ledger(), new OpenSecrets(), _launcher, new(_launcher),
            new(cameras, NullLogger<HardwareDecoder>.Instance), new FramePool(cameras.Value.FramePoolBytes), new(), new(), new(),
            TimeProvider.System, NullLoggerFactory.Instance));
    }

    public CountingLedger Ledger { get; } = new();

    /// <summary>Waits until the first version has inferred a frame.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => UntilAsync(() => Ledger.FramesInferred > 0, cancellationToken);

    /// <summary>Has the other version serve, and waits until the one before is unloaded.</summary>
    public async Task SwapAsync(CancellationToken cancellationToken)
    {
        var loads = _loader.Loads;
        var next = _versions[0].ModelId == _plan.Subscriptions[0].Model.ModelId ? _versions[1] : _versions[0];
        _plan = _plan with
        {
            Revision = Guid.NewGuid().ToString(), Subscriptions = [_plan.Subscriptions[0] with { Model = next }],
        };
        _stream.Apply(_plan);
        await UntilAsync(() => _loader.Loads > loads && _loader.InMemory == 1, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _repository.DisposeAsync();
        _launcher.Dispose();
    }

    private async Task UntilAsync(Func<bool> isSo, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new InvalidOperationException($"The stream stands: {_stream.GetStatus()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }
    }

    /// <summary>Opens the sample model and warms it up for single frames; the file is there already.</summary>
    private sealed class CountingLoader : IModelLoader
    {
        private readonly SessionFactory _sessions = SampleRuntime.Sessions();
        private int _loads;
        private int _inMemory;

        public int Loads => Volatile.Read(ref _loads);

        public int InMemory => Volatile.Read(ref _inMemory);

        public Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken) => Task.Factory.StartNew(
            () =>
            {
                var runtime = SampleRuntime.StartSingle(_sessions, model, cancellationToken);
                Interlocked.Increment(ref _inMemory);
                Interlocked.Increment(ref _loads);
                return new LoadedModel(runtime, new Leaving(() => Interlocked.Decrement(ref _inMemory)));
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }

    /// <summary>The only worker there is.</summary>
    private sealed class NoPeers : IWorkerPeers
    {
        public bool Any => false;

        public IReadOnlyList<WorkerPeer> PickTwo(Guid modelId, IReadOnlySet<SiloAddress>? among = null) => [];
    }

    /// <summary>Credentials as they are: a clip has none.</summary>
    private sealed class OpenSecrets : ICameraSecrets
    {
        public string Protect(Guid cameraId, string credentials) => credentials;

        public string Unprotect(Guid cameraId, string stored) => stored;
    }
}
