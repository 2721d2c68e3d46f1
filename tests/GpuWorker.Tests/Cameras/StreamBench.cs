using System.Collections.Concurrent;

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Everything a stream needs, with real ffmpeg and no model.</summary>
internal sealed class StreamBench : IAsyncDisposable
{
    private readonly ConcurrentBag<CameraStream> _streams = [];

    public StreamBench()
    {
        Launcher = new(new(Settings.ChildRules), Children);
        TrialBooks = new(Trials, TimeProvider.System, NullLogger<TrialLedger>.Instance);
        var configuration = Options.Create(Settings);
        Parts = new(
            configuration, Models, Ledger, TrialBooks, new OpenSecrets(), Launcher, new(Launcher),
            new(configuration, NullLogger<HardwareDecoder>.Instance), Pool, new(), new(), Vision, TimeProvider.System, Log);
    }

    public CameraOptions Settings { get; } = new()
    {
        HardwareAcceleration = "none",
        ReconnectMinimumSeconds = 0.05,
        ReconnectMaximumSeconds = 0.2,
        ConnectTimeoutSeconds = 10,
        StallTimeoutSeconds = 1,
    };

    public FakeModels Models { get; } = new();

    public RecordingLedger Ledger { get; } = new();

    public RecordingTrials Trials { get; } = new();

    /// <summary>Writes only when it is told to.</summary>
    public TrialLedger TrialBooks { get; }

    public Register Children { get; } = new();

    public ProcessLauncher Launcher { get; }

    public FramePool Pool { get; } = new(64 << 20);

    public Lines Log { get; } = new();

    /// <summary>Says whether frames move; by default they do.</summary>
    public Func<VideoFrame, bool> Moves { get; set; } = _ => true;

    public StreamParts Parts { get; }

    private VisionParts Vision => new()
    {
        MotionGate = _ => frame => Moves(frame),
        Tracker = (_, first) => (_, _, ids) => ids.Fill(first),
    };

    public static StreamBench Open() => new();

    public CameraStream Start(CameraPlan plan)
    {
        var stream = new CameraStream(plan, "silo", Parts);
        _streams.Add(stream);
        return stream;
    }

    /// <summary>A plan for one camera and one deployment; every frame, as fast as possible.</summary>
    public static CameraPlan Plan(string source, Func<Camera, Camera>? change = null) => new()
    {
        Revision = Guid.NewGuid().ToString(),
        Camera = (change ?? (camera => camera))(new()
        {
            Id = Guid.NewGuid(),
            SiteId = Guid.NewGuid(),
            Name = "gate",
            SourceUrl = source,
            SamplingFps = 0,
            Pace = CameraPace.AsFastAsPossible,
        }),
        Subscriptions = [Subscription("A")],
        AllowedNetworks = ["127.0.0.0/8", "::1/128"],
    };

    public static CameraSubscription Subscription(string model, Guid? deployment = null, float threshold = 0.5f) => new()
    {
        DeploymentId = deployment ?? Guid.NewGuid(),
        Model = new()
        {
            ModelId = Guid.NewGuid(),
            DisplayName = model,
            FilePath = model,
            Configuration = new(),
            Classes = ["person", "car"],
        },
        ConfidenceThreshold = threshold,
    };

    public static Task EndedAsync(CameraStream stream) =>
        Eventually.TrueAsync(() => stream.GetStatus().State == StreamState.Ended, () => stream.GetStatus());

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
        {
            await stream.DisposeAsync();
        }

        TrialBooks.Dispose();
        Launcher.Dispose();
        Assert.Empty(Children.Running);
        Assert.Equal(0, Pool.RentedBytes);
    }

    internal sealed class Register : IChildProcesses
    {
        private readonly ConcurrentDictionary<int, bool> _running = new();

        public ConcurrentQueue<int> Started { get; } = new();

        public IEnumerable<int> Running => _running.Keys;

        public void Add(int processId)
        {
            Started.Enqueue(processId);
            _running[processId] = true;
        }

        public void Remove(int processId) => _running.TryRemove(processId, out _);
    }

    internal sealed class Lines : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
