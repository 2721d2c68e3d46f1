using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

using OrleansAiFleet.Detections;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.GpuWorker.Tests.Cameras;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Rollouts;

public sealed class TrialBookTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 2, TimeSpan.Zero);
    private static readonly Guid Candidate = Guid.NewGuid();
    private static readonly Guid Stable = Guid.NewGuid();
    private static readonly Guid Camera = Guid.NewGuid();

    private readonly FakeTimeProvider _time = new(Start);
    private readonly RecordingTrials _written = new();
    private readonly TrialPair _pair = new(Candidate);
    private readonly TrialLedger _ledger;

    public TrialBookTests() => _ledger = new(_written, _time, NullLogger<TrialLedger>.Instance) { MostSamples = 200 };

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Each_slot_is_written_once_when_it_is_over()
    {
        var book = Open(Candidate);
        book.Infer(1, Start, 10, [Found("person", 0.5f), Found("car", 0.7f)]);
        _time.Advance(TimeSpan.FromSeconds(1));
        book.Infer(2, Start, 30, []);
        await _ledger.FlushAsync(CancellationToken.None);
        Assert.Empty(_written.Samples);

        _time.Advance(TimeSpan.FromSeconds(2));
        await _ledger.FlushAsync(CancellationToken.None);
        await _ledger.FlushAsync(CancellationToken.None);

        var sample = Assert.Single(_written.Samples);
        Assert.Equal((Candidate, Candidate, Camera, Start.AddSeconds(-2)), (sample.RolloutId, sample.DeploymentId, sample.CameraId, sample.Start));
        Assert.Equal((2, 2, 1), (sample.Totals.FramesInferred, sample.Totals.Detections, sample.Totals.EmptyFrames));
        Assert.Equal((3.0, 1.2, 40.0), (sample.Totals.WatchedSeconds, Math.Round(sample.Totals.ConfidenceSum, 4), sample.Totals.Latency.Sum));
    }

    [Fact]
    public async Task Result_counts_in_the_slot_in_which_it_came()
    {
        var book = Open(Stable);
        book.Infer(1, Start, 10, []);
        _time.Advance(TimeSpan.FromSeconds(5));
        book.Infer(2, Start, 5000, []);
        book.Close();
        await _ledger.FlushAsync(CancellationToken.None);

        Assert.Equal(
            [(Start.AddSeconds(-2), 3.0), (Start.AddSeconds(3), 2.0)],
            _written.Samples.Select(sample => (sample.Start, sample.Totals.WatchedSeconds)));
        Assert.Single(_written.Samples.Select(sample => sample.Reporter).Distinct());
    }

    [Theory]
    [InlineData(SkipReason.Failed, FrameError.Inference, 1, 0)]
    [InlineData(SkipReason.TimedOut, FrameError.None, 0, 1)]
    [InlineData(SkipReason.Failed, FrameError.Timeout, 0, 1)]
    [InlineData(SkipReason.QueueFull, FrameError.None, 0, 0)]
    [InlineData(SkipReason.Superseded, FrameError.None, 0, 0)]
    [InlineData(SkipReason.Stopped, FrameError.None, 0, 0)]
    [InlineData(SkipReason.ModelNotReady, FrameError.None, 0, 0)]
    internal async Task Only_what_the_model_was_given_and_could_not_do_is_a_failure(SkipReason reason, FrameError error, long errors, long timeouts)
    {
        var book = Open(Candidate);
        book.Infer(1, Start, 10, []);
        book.Fail(reason, error);
        book.Close();
        await _ledger.FlushAsync(CancellationToken.None);

        var totals = Assert.Single(_written.Samples).Totals;
        Assert.Equal((errors, timeouts, 1 + errors + timeouts), (totals.Errors, totals.Timeouts, totals.FramesTried));
    }

    [Fact]
    public async Task Both_results_of_a_frame_are_compared_once_whoever_comes_first()
    {
        var (candidate, stable) = (Open(Candidate), Open(Stable));
        candidate.Infer(1, Start, 10, [Found("person", 0.9f)]);
        stable.Infer(1, Start, 10, [Found("Person", 0.6f), Found("car", 0.6f)]);
        stable.Infer(2, Start, 10, []);
        candidate.Infer(2, Start, 10, []);
        candidate.Infer(3, Start, 10, [Found("person", 0.9f)]);
        candidate.Close();
        stable.Close();
        await _ledger.FlushAsync(CancellationToken.None);

        var totals = _written.Samples.ToDictionary(sample => sample.DeploymentId, sample => sample.Totals);
        Assert.Equal((2, 1, 2), (totals[Candidate].FramesPaired, totals[Candidate].ObjectsAlike, totals[Candidate].ObjectsFound));
        Assert.Equal((0, 0), (totals[Stable].FramesPaired, totals[Stable].ObjectsFound));
    }

    [Fact]
    public async Task Frames_that_the_other_never_settles_are_forgotten()
    {
        var (candidate, stable) = (Open(Candidate), Open(Stable));
        for (var frame = 0; frame < 200; frame++)
        {
            candidate.Infer(frame, Start, 10, []);
        }

        stable.Infer(0, Start, 10, []);
        stable.Infer(199, Start, 10, []);
        candidate.Close();
        await _ledger.FlushAsync(CancellationToken.None);

        Assert.Equal(1, _written.Samples.Single(sample => sample.DeploymentId == Candidate).Totals.FramesPaired);
    }

    [Fact]
    public async Task Track_lasts_from_its_first_to_its_last_sight()
    {
        var book = Open(Candidate);
        book.Infer(1, Start, 10, [Found("person", 0.9f, track: 7)]);
        book.Infer(2, Start.AddSeconds(2), 10, [Found("person", 0.9f, track: 7), Found("car", 0.9f, track: 8)]);
        book.Infer(3, Start.AddSeconds(5.5), 10, [Found("car", 0.9f)]);
        book.Close();
        await _ledger.FlushAsync(CancellationToken.None);

        var totals = Assert.Single(_written.Samples).Totals;
        Assert.Equal((2, 2.0), (totals.Tracks, totals.TrackSeconds));
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_lost_and_memory_is_bounded()
    {
        var book = Open(Candidate);
        _written.Failure = new InvalidOperationException("away");
        for (var slot = 0; slot < 250; slot++)
        {
            book.Infer(slot, Start, 10, []);
            _time.Advance(TimeSpan.FromSeconds(5));
            if (slot % 50 == 0)
            {
                await Assert.ThrowsAsync<InvalidOperationException>(() => _ledger.FlushAsync(CancellationToken.None));
            }
        }

        _written.Failure = null;
        await _ledger.FlushAsync(CancellationToken.None);

        Assert.Equal(200, _written.Samples.Count);
        Assert.Equal(Start.AddSeconds((5 * 249) - 2), _written.Samples.Last().Start);
    }

    private TrialBook Open(Guid deployment) =>
        _ledger.Open(new() { RolloutId = Candidate, SlotSeconds = 5 }, Camera, deployment, _pair);

    private static Detection Found(string name, float confidence, long? track = null) => new()
    {
        Id = Guid.NewGuid(), CameraId = Camera, SiteId = Guid.Empty, DeploymentId = Guid.Empty, ModelId = Guid.Empty, FrameTime = Start,
        ClassName = name, Confidence = confidence, TrackId = track, X = 0.1f, Y = 0.1f, Width = 0.2f, Height = 0.3f,
    };
}
