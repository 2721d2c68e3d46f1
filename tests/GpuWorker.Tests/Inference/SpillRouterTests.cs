using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

public sealed class SpillRouterTests : IAsyncLifetime, IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly ModelRuntime _local;
    private readonly Peers _peers = new();
    private readonly SpillRouter _router;

    public SpillRouterTests()
    {
        _local = Bench.Runtime(gate: _gate, maximumBatch: 1, millisecondsPerFrame: 50);
        _router = Create(new InferenceOptions());
    }

    public async Task InitializeAsync()
    {
        _ = Infer(maySpill: false);
        await Bench.Until(() => _local.Pending == 0, "the instance took the first frame");
        for (var i = 0; i < 4; i++)
        {
            _ = Infer(maySpill: false);
        }
    }

    public async Task DisposeAsync()
    {
        _gate.Set();
        await _local.DisposeAsync();
    }

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task Frame_goes_to_the_worker_with_the_shorter_queue()
    {
        var busy = _peers.Add(pending: 3);
        var idle = _peers.Add(pending: 1);

        var outcome = await Infer();

        Assert.True(outcome.Spilled);
        Assert.Equal(7, Assert.Single(outcome.Objects).ClassId);
        Assert.Equal((0, 1), (busy.Frames.Count, idle.Frames.Count));
    }

    [Fact]
    public async Task Frame_is_scaled_to_what_the_model_sees()
    {
        var other = _peers.Add(pending: 0);

        await Infer(side: 64);

        var sent = Assert.Single(other.Frames);
        Assert.Equal((8, 8, 96), (sent.Width, sent.Height, sent.I420.Length));
        Assert.All(sent.I420, value => Assert.Equal(100, value));
    }

    [Fact]
    public async Task Frame_stays_where_the_other_queue_is_no_shorter() => await AssertStaysHere(_peers.Add(pending: 9));

    [Fact]
    public async Task Frame_stays_where_the_other_worker_fails() =>
        await AssertStaysHere(_peers.Add(pending: 0, fault: new SiloUnavailableException("gone")));

    [Fact]
    public async Task Frame_stays_where_the_other_worker_has_to_load_the_model_first() =>
        await AssertStaysHere(_peers.Add(pending: -1, skipped: SkipReason.ModelNotReady));

    [Fact]
    public async Task Frame_stays_where_the_other_worker_does_not_say_how_busy_it_is() =>
        await AssertStaysHere(_peers.Add(pending: 0, pendingFault: new TimeoutException("slow")));

    [Fact]
    public async Task Worker_that_failed_is_left_out_for_a_while()
    {
        var other = _peers.Add(pending: 0, fault: new SiloUnavailableException("gone"));
        var first = Infer();
        await Bench.Until(() => _local.Pending == 5, "the first frame came back");

        var second = Infer();
        await Bench.Until(() => _local.Pending == 6, "the second frame came back");

        Assert.Single(other.Frames);
        _gate.Set();
        Assert.All(await Task.WhenAll(first, second), outcome => Assert.False(outcome.Spilled));
    }

    [Fact]
    public async Task Worker_that_never_answers_costs_a_frame_no_more_than_its_time()
    {
        _peers.Add(pending: 0, hangs: true);

        var outcome = await Infer(timeout: TimeSpan.FromMilliseconds(100));

        Assert.Equal((SkipReason.TimedOut, FrameError.Timeout), (outcome.Skipped, outcome.Error));
    }

    [Fact]
    public async Task Bytes_on_their_way_to_one_worker_are_bounded()
    {
        var other = _peers.Add(pending: 0, hangs: true);
        var router = Create(new InferenceOptions { SpillBytesInFlight = 200 });
        var frames = Enumerable.Range(0, 4).Select(_ => Infer(router: router)).ToList();

        await Bench.Until(() => _local.Pending == 6, "two of four frames stayed");

        Assert.Equal((2, 192L), (other.Frames.Count, other.Peer.BytesInFlight));
        other.Answer();
        _gate.Set();
        Assert.Equal(2, (await Task.WhenAll(frames)).Count(outcome => outcome.Spilled));
        await Bench.Until(() => other.Peer.BytesInFlight == 0, "the bytes are given back");
    }

    private async Task AssertStaysHere(OtherWorker other)
    {
        var outcome = Infer();
        await Bench.Until(() => _local.Pending == 5, "the frame waits here");
        _gate.Set();

        Assert.Null((await outcome).Skipped);
        Assert.False((await outcome).Spilled);
        Assert.InRange(other.Frames.Count, 0, 1);
        Assert.Equal(0, other.Peer.BytesInFlight);
    }

    private SpillRouter Create(InferenceOptions options) =>
        new(_peers, Options.Create(options), TimeProvider.System, NullLogger<SpillRouter>.Instance);

    private async Task<FrameOutcome> Infer(
        bool maySpill = true, int side = 8, TimeSpan? timeout = null, SpillRouter? router = null)
    {
        var frame = Bench.Frame(side: side);
        var outcome = (router ?? _router).InferAsync(
            _local, frame, Bench.Request(maySpill: maySpill, timeout: timeout), CancellationToken.None);
        frame.Release();
        return await outcome;
    }

    private sealed class Peers : IWorkerPeers
    {
        private readonly List<WorkerPeer> _peers = [];

        public bool Any => _peers.Count > 0;

        public IReadOnlyList<WorkerPeer> PickTwo(Guid modelId, IReadOnlySet<SiloAddress>? among = null) => _peers;

        public OtherWorker Add(
            int pending,
            Exception? fault = null,
            Exception? pendingFault = null,
            SkipReason? skipped = null,
            bool hangs = false)
        {
            var other = new OtherWorker(pending, fault, pendingFault, skipped, hangs);
            other.Peer = new WorkerPeer(SiloAddress.Zero, other, TimeProvider.System);
            _peers.Add(other.Peer);
            return other;
        }
    }

    private sealed class OtherWorker(int pending, Exception? fault, Exception? pendingFault, SkipReason? skipped, bool hangs)
        : IInferenceService
    {
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WorkerPeer Peer { get; set; } = null!;

        public System.Collections.Concurrent.ConcurrentQueue<SpilledFrame> Frames { get; } = new();

        public void Answer() => _answer.SetResult();

        public Task<WorkerStatus> GetStatus(CancellationToken cancellationToken = default) => throw new InvalidOperationException("The router of frames asks for nothing of this.");

        public async Task<SpilledFrameResult> Infer(SpilledFrame frame, CancellationToken cancellationToken = default)
        {
            Frames.Enqueue(frame);
            if (hangs)
            {
                await _answer.Task;
            }

            return fault is not null
                ? throw fault
                : new SpilledFrameResult { Skipped = skipped, Objects = [new FoundObject(7, 0.9f, 0, 0, 1, 1)] };
        }

        public Task<InferredPicture> InferPicture(PictureToInfer picture, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("The router of frames asks for nothing of this.");

        public Task<ConfigurationMeasurement> Measure(ConfigurationTrial trial, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("The router of frames asks for nothing of this.");

        public Task<int> GetPending(Guid modelId, CancellationToken cancellationToken = default) =>
            pendingFault is null ? Task.FromResult(pending) : Task.FromException<int>(pendingFault);

        public Task<bool> Hold(string revision, WorkerInstances? instances, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("The router of frames asks for nothing of this.");
    }
}
