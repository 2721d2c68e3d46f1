using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.GpuWorker.Deployments.Optimization;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Tests.Cameras;
using OrleansAiFleet.GpuWorker.Tests.Inference;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Tests.Deployments.Optimization;

/// <summary>Settings tried on frames of a camera, with a real, tiny model that says how bright they are.</summary>
public sealed class ConfigurationTrialsTests : IAsyncDisposable
{
    private static readonly Guid Camera = Guid.NewGuid();

    private readonly StreamBench _bench = new();
    private readonly Guid _deployment = Guid.NewGuid();
    private readonly CancellationTokenSource _stop = new();
    private double _wait;
    private Exception? _fault;

    private ConfigurationTrials Trials => field ??= new(
        new Loader(this),
        _bench.Models,
        _bench.Parts.Taps,
        () => Volatile.Read(ref _wait),
        Options.Create(new InferenceOptions()),
        Options.Create(_bench.Settings),
        TimeProvider.System,
        NullLogger<ConfigurationTrials>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Trials.Dispose();
        await _bench.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Frames_of_the_deployments_cameras_are_measured_and_compared()
    {
        var feeding = FeedAsync(_deployment, every: TimeSpan.FromMilliseconds(5));

        var measured = await Trials.MeasureAsync(Trial(), CancellationToken.None);

        Assert.Null(measured.Fault);
        Assert.InRange(measured.Frames, 20, 1000);
        Assert.InRange(measured.Inferred, 1, measured.Frames);
        Assert.True(measured.LatencyP50Milliseconds > 0 && measured.LatencyP95Milliseconds >= measured.LatencyP50Milliseconds, $"{measured}");
        Assert.True(measured is { BusyShare: > 0 and <= 1, Seconds: > 0, MillisecondsPerFrame: > 0, MaximumBatch: 4 }, $"{measured}");

        // The model of now finds two objects where the one that is tried finds one elsewhere.
        Assert.Equal(0, measured.Agreement);
        Assert.InRange(measured.ComparedFrames, 1, 20);
        await _stop.CancelAsync();
        await feeding;
    }

    [Fact]
    public async Task Frames_of_other_deployments_are_not()
    {
        var feeding = FeedAsync(Guid.NewGuid(), every: TimeSpan.FromMilliseconds(5));

        var measured = await Trials.MeasureAsync(Trial() with { Longest = TimeSpan.FromMilliseconds(300) }, CancellationToken.None);

        Assert.Equal((TrialFault.NoFrames, 0), (measured.Fault, measured.Frames));
        await _stop.CancelAsync();
        await feeding;
    }

    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(1, 10)]
    [InlineData(2.5, 25)]
    public async Task One_instance_gets_its_share(double share, int due)
    {
        await using var loaded = Bench.Runtime();
        await using var reference = await _bench.Models.AcquireAsync(Bench.Reference(), CancellationToken.None);
        var traffic = new TrialTraffic(Trial() with { Share = share }, loaded, reference, credits: 100, TimeProvider.System);

        for (var number = 0; number < 10; number++)
        {
            Offer(traffic, number, DateTimeOffset.UnixEpoch.AddSeconds(number));
        }

        Assert.Equal(due, (await traffic.CloseAsync(CancellationToken.None)).Frames);
    }

    [Fact]
    public async Task Interval_that_is_tried_picks_among_all_frames()
    {
        await using var loaded = Bench.Runtime();
        await using var reference = await _bench.Models.AcquireAsync(Bench.Reference(), CancellationToken.None);
        var trial = Trial();
        var traffic = new TrialTraffic(
            trial with { Configuration = trial.Configuration with { IntervalSeconds = 2 } }, loaded, reference, credits: 100, TimeProvider.System);

        for (var number = 0; number < 40; number++)
        {
            Offer(traffic, number, DateTimeOffset.UnixEpoch.AddSeconds(number * 0.25));
        }

        Assert.Equal(5, (await traffic.CloseAsync(CancellationToken.None)).Frames);
    }

    [Fact]
    public async Task Camera_whose_frames_come_faster_than_they_are_looked_at_loses_those_between()
    {
        using var gate = new ManualResetEventSlim(initialState: false);
        await using var loaded = Bench.Runtime(gate: gate);
        await using var reference = await _bench.Models.AcquireAsync(Bench.Reference(), CancellationToken.None);
        var traffic = new TrialTraffic(Trial(), loaded, reference, credits: 2, TimeProvider.System);

        for (var number = 0; number < 10; number++)
        {
            Offer(traffic, number, DateTimeOffset.UnixEpoch.AddSeconds(number));
        }

        gate.Set();
        var measured = await traffic.CloseAsync(CancellationToken.None);
        Assert.Equal(10, measured.Frames);
        Assert.InRange(measured.Inferred, 1, 2);
        Assert.InRange(measured.LostShare, 0.8, 0.9);
    }

    [Fact]
    public async Task It_ends_where_live_frames_begin_to_wait()
    {
        var feeding = FeedAsync(_deployment, every: TimeSpan.FromMilliseconds(5));
        Volatile.Write(ref _wait, 1001);

        var measured = await Trials.MeasureAsync(Trial() with { Frames = 100_000 }, CancellationToken.None);

        Assert.Equal(TrialFault.CamerasWaited, measured.Fault);
        Assert.Contains("1000 ms", measured.FaultReason, StringComparison.Ordinal);
        await _stop.CancelAsync();
        await feeding;
    }

    [Fact]
    public async Task Settings_that_the_model_cannot_be_run_with_are_said()
    {
        _fault = new ModelFaultException("configuration.input_width", "The model takes 640 x 640.");

        var measured = await Trials.MeasureAsync(Trial(), CancellationToken.None);

        Assert.Equal((TrialFault.Unusable, "The model takes 640 x 640."), (measured.Fault, measured.FaultReason));
    }

    [Fact]
    public async Task Second_trial_at_the_same_time_is_told_so()
    {
        var first = Trials.MeasureAsync(Trial() with { Longest = TimeSpan.FromSeconds(1) }, CancellationToken.None);

        Assert.Equal(TrialFault.Busy, (await Trials.MeasureAsync(Trial(), CancellationToken.None)).Fault);

        Assert.Equal(TrialFault.NoFrames, (await first).Fault);
    }

    [Fact]
    public async Task Live_camera_gives_its_frames_before_its_interval_picks_among_them()
    {
        var plan = StreamBench.Plan(Clips.Moving(), camera => camera with { Pace = CameraPace.Live, Loop = true });
        plan = plan with { Subscriptions = [plan.Subscriptions[0] with { DeploymentId = _deployment, IntervalSeconds = 60 }] };
        _bench.Start(plan);

        var measured = await Trials.MeasureAsync(Trial() with { Longest = TimeSpan.FromSeconds(20) }, CancellationToken.None);

        // Its own interval gives the model one in that time.
        Assert.Null(measured.Fault);
        Assert.InRange(measured.Frames, 2, 1000);
    }

    private ConfigurationTrial Trial() => new()
    {
        DeploymentId = _deployment,
        Configuration = new() { BatchSize = 2, Width = 4, Height = 4, IntervalSeconds = 0 },
        Model = Bench.Reference() with { Classes = ["bright"] },
        Reference = Bench.Reference() with { Classes = ["bright"] },
        ConfidenceThreshold = 0.25f,
        Frames = 20,
    };

    private async Task FeedAsync(Guid deployment, TimeSpan every)
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            var frame = Bench.Frame();
            (frame.Number, frame.Time) = (number, DateTimeOffset.UnixEpoch.AddSeconds(number));
            _bench.Parts.Taps.Offer(deployment, Camera, frame);
            frame.Release();
            await Task.Delay(every);
        }
    }

    private static void Offer(TrialTraffic traffic, long number, DateTimeOffset time)
    {
        var frame = Bench.Frame();
        (frame.Number, frame.Time) = (number, time);
        traffic.Offer(Camera, frame);
        frame.Release();
    }

    private sealed class Loader(ConfigurationTrialsTests test) : IModelLoader
    {
        public Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken) => test._fault is { } fault
            ? Task.FromException<LoadedModel>(fault)
            : Task.FromResult(new LoadedModel(Bench.Runtime(reference: model), Stream.Null));
    }
}
