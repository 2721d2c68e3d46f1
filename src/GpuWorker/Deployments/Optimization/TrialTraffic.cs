using System.Collections.Concurrent;

using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;
using OrleansAiFleet.Vision.Detections;
using OrleansAiFleet.Vision.Inference;

namespace OrleansAiFleet.GpuWorker.Deployments.Optimization;

/// <summary>
/// One instance's share of a deployment's frames on its way through the settings that are tried: picks what is due by their interval,
/// takes as few or as many frames of each camera at once as a live lane does, and compares objects with those of the settings of now.
/// For many cameras at once.
/// </summary>
internal sealed class TrialTraffic(
    ConfigurationTrial trial, ModelRuntime runtime, IModelLease reference, int credits, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, Source> _sources = new();
    private readonly ObjectRules _rules = ProfileMapping.ToRules(trial.Model);
    private readonly TrialTally _tally = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _comparing;

    // One for being open; who takes it to zero was the last.
    private int _underWay = 1;
    private volatile bool _closed;
    private long _startedAt;

    /// <summary>Frames that are done with.</summary>
    public int Settled => _tally.Settled;

    /// <summary>See <see cref="FrameTap"/>.</summary>
    public void Offer(Guid cameraId, VideoFrame frame)
    {
        var source = _sources.GetOrAdd(cameraId, _ => new(TimeSpan.FromSeconds(trial.Configuration.IntervalSeconds)));
        if (_closed || !source.Interval.IsDue(frame))
        {
            return;
        }

        Interlocked.CompareExchange(ref _startedAt, time.GetTimestamp(), 0);
        source.Owed += trial.Share;
        for (var copy = 0; source.Owed >= 1; copy++, source.Owed--)
        {
            Begin(source.Lane(cameraId, copy), frame);
        }
    }

    /// <summary>Takes no more frames and waits for those under way.</summary>
    public async Task<ConfigurationMeasurement> CloseAsync(CancellationToken cancellationToken)
    {
        _closed = true;
        var seconds = _startedAt == 0 ? 0 : time.GetElapsedTime(_startedAt).TotalSeconds;
        Leave();
        await _drained.Task.WaitAsync(cancellationToken);
        var busy = runtime.Status.BusyMilliseconds;
        return _tally.ToMeasurement(seconds) with
        {
            Configuration = trial.Configuration,
            MaximumBatch = runtime.Plan.MaximumBatch,
            BusyShare = seconds > 0 ? Math.Min(1, busy / (1000 * seconds * runtime.Plan.Instances)) : 0,
            MillisecondsPerFrame = _tally.Inferred > 0 ? busy / _tally.Inferred : 0,
        };
    }

    private void Begin(Lane lane, VideoFrame frame)
    {
        Interlocked.Increment(ref _underWay);
        if (_closed || Interlocked.Increment(ref lane.InFlight) > credits)
        {
            // As a live camera whose frames come faster than they are looked at.
            Interlocked.Decrement(ref lane.InFlight);
            _tally.Lose();
            Leave();
            return;
        }

        frame.AddReference();
        _ = InferAsync(lane, frame);
    }

    private async Task InferAsync(Lane lane, VideoFrame frame)
    {
        var arrived = time.GetTimestamp();
        try
        {
            var request = new FrameRequest(
                lane.Id,
                InferencePriority.Live,
                DetectionBuilder.AskedConfidence(_rules.LowestThreshold(trial.ConfidenceThreshold)),
                TimeSpan.FromSeconds(trial.TimeoutSeconds),
                MaySupersede: true,
                MaySpill: false,
                trial.Configuration.BatchSize);
            var outcome = await runtime.InferAsync(frame, request, CancellationToken.None);
            var milliseconds = time.GetElapsedTime(arrived).TotalMilliseconds;
            Interlocked.Decrement(ref lane.InFlight);
            if (outcome.Skipped is null)
            {
                _tally.Infer(milliseconds);
                await CompareAsync(frame, request, outcome.Objects);
            }
            else
            {
                _tally.Lose();
            }
        }
        finally
        {
            frame.Release();
            Leave();
        }
    }

    // One at a time, behind everything that is live: cameras are to notice as little as can be.
    private async Task CompareAsync(VideoFrame frame, FrameRequest request, IReadOnlyList<ObjectBox> found)
    {
        if (_tally.Compared >= trial.Frames || Interlocked.Exchange(ref _comparing, 1) != 0)
        {
            return;
        }

        try
        {
            var now = await reference.InferAsync(
                frame, request with { Priority = InferencePriority.Evaluation, MaySupersede = false }, CancellationToken.None);
            if (now.Skipped is null)
            {
                var (left, right) = (Kept(found), Kept(now.Objects));
                _tally.Compare(ObjectAgreement.Of(left, right, (i, j) => left[i].ClassId == right[j].ClassId));
            }
        }
        catch (ObjectDisposedException)
        {
            // The worker stops.
        }
        finally
        {
            Volatile.Write(ref _comparing, 0);
        }
    }

    private ObjectBox[] Kept(IReadOnlyList<ObjectBox> found) =>
        [.. found.Where(box => _rules.Counts(box) && box.Confidence >= _rules.ThresholdOf(box.ClassId, trial.ConfidenceThreshold))];

    private void Leave()
    {
        if (Interlocked.Decrement(ref _underWay) == 0)
        {
            _drained.TrySetResult();
        }
    }

    // What a camera is owed, and the lanes of it and of its copies, which stand for cameras elsewhere.
    private sealed class Source(TimeSpan interval)
    {
        private readonly List<Lane> _lanes = [];

        public IntervalGate Interval { get; } = new(interval);

        public double Owed { get; set; }

        public Lane Lane(Guid cameraId, int copy)
        {
            while (_lanes.Count <= copy)
            {
                _lanes.Add(new(_lanes.Count == 0 ? cameraId : Guid.NewGuid()));
            }

            return _lanes[copy];
        }
    }

    private sealed class Lane(Guid id)
    {
        public int InFlight;

        public Guid Id => id;
    }
}
