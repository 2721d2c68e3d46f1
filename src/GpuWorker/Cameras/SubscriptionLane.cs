using System.Threading.Channels;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Rollouts;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// One deployment that looks at one camera: hands frames to its model, a few at a time, and settles them in the order they
/// came. Every frame offered is booked as decoded and then, once, as inferred or skipped.
/// </summary>
internal sealed partial class SubscriptionLane : IAsyncDisposable
{
    // A store that is behind may hold up the last frames of a stream this long; then they are given up and counted so.
    private static readonly TimeSpan LastFrames = TimeSpan.FromSeconds(5);

    private readonly Camera _camera;
    private readonly StreamParts _parts;
    private readonly LaneBooks _books;
    private readonly ILogger _logger;
    private readonly ModelSlot _slot;
    private readonly DetectionBuilder _detections;
    private readonly int _creditLimit;
    private readonly SemaphoreSlim _credits;
    private readonly Channel<InFlight> _inFlight;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _settling;
    private LaneSettings _settings;

    public SubscriptionLane(
        Camera camera, CameraSubscription subscription, TrialPair? pair, StreamParts parts, StreamCounters counters, LiveView live)
    {
        (_camera, _settings, _parts) = (camera, new(subscription), parts);
        _books = new(camera, subscription.DeploymentId, parts, counters, live);
        _books.Follow(subscription.Trial, pair);
        _logger = parts.Loggers.CreateLogger<SubscriptionLane>();
        _slot = new(parts.Models, parts.Time, subscription.Model);
        _detections = new(camera, subscription.DeploymentId, parts.Vision, parts.Time);
        _creditLimit = Math.Max(parts.Options.LiveCredits, parts.Options.RecordingCredits);
        _credits = new(_creditLimit);
        _inFlight = Channel.CreateBounded<InFlight>(_creditLimit);
        _settling = Task.Run(SettleAllAsync);
    }

    public Guid DeploymentId => _settings.Subscription.DeploymentId;

    /// <summary>Why its model does not serve, or null.</summary>
    public string? Problem => _slot.Problem;

    /// <summary>Whether it has a model for the next frame.</summary>
    public bool HasModel => _slot.HasModel;

    /// <summary>Whether the model it wants is loaded.</summary>
    public bool IsReady => _slot.IsServing;

    /// <summary>Takes a changed threshold, time-out, rule or model over; frames in flight end as they began.</summary>
    public void Apply(CameraSubscription subscription, TrialPair? pair)
    {
        Volatile.Write(ref _settings, new(subscription));
        _books.Follow(subscription.Trial, pair);
        _slot.Want(subscription.Model);
    }

    /// <summary>Books frames that no model is to see.</summary>
    public void Skip(DateTimeOffset time, SkipReason reason, long frames = 1) => _books.LeaveOut(time, reason, frames);

    /// <summary>
    /// Takes the next frame; the caller keeps its own reference. Live, it never waits. As fast as possible, it waits for the
    /// model's first load and then for a free place, so that no frame of a recording is left out for being early. What it finds where it
    /// is a shadow is kept apart.
    /// </summary>
    public async ValueTask OfferAsync(VideoFrame frame, CameraPace pace, bool isShadow, CancellationToken cancellationToken)
    {
        _books.Decode(frame.Time, isShadow);
        if (await AdmitAsync(pace, cancellationToken) is { } refused)
        {
            _books.Skip(frame.Time, isShadow, refused);
            return;
        }

        if (_slot.TryUse() is not { } model)
        {
            _credits.Release();
            _books.Skip(frame.Time, isShadow, SkipReason.ModelNotReady);
            return;
        }

        var settings = Volatile.Read(ref _settings);
        var entry = new InFlight(frame.AddReference(), isShadow, model, settings, InferAsync(frame, model, settings, pace));
        if (!_inFlight.Writer.TryWrite(entry))
        {
            // The lane was closed in between, which cancelled the frame as well.
            await entry.Outcome;
            await LetGoAsync(entry);
            _books.Skip(frame.Time, isShadow, SkipReason.Stopped);
        }
    }

    /// <summary>Waits until every frame offered so far is settled. Nothing may be offered meanwhile.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var taken = 0;
        try
        {
            for (; taken < _creditLimit; taken++)
            {
                await _credits.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            if (taken > 0)
            {
                _credits.Release(taken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _inFlight.Writer.TryComplete();
        _abandon.CancelAfter(LastFrames);
        await _settling;
        _books.Follow(null, null);
        await _slot.DisposeAsync();
        _abandon.Dispose();
    }

    private async ValueTask<SkipReason?> AdmitAsync(CameraPace pace, CancellationToken cancellationToken)
    {
        if (pace == CameraPace.Live)
        {
            return _creditLimit - _credits.CurrentCount < _parts.Options.LiveCredits && _credits.Wait(0, CancellationToken.None)
                ? null
                : SkipReason.QueueFull;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            await _slot.Decided.WaitAsync(either.Token);
            await _credits.WaitAsync(either.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return SkipReason.Stopped;
        }
    }

    private async Task<FrameOutcome> InferAsync(
        VideoFrame frame, ServingModel model, LaneSettings settings, CameraPace pace)
    {
        var isLive = pace == CameraPace.Live;
        var request = new FrameRequest(
            _camera.Id,
            isLive ? InferencePriority.Live : InferencePriority.Recording,
            DetectionBuilder.AskedConfidence(settings.RulesFor(model).LowestThreshold(settings.Subscription.ConfidenceThreshold)),
            TimeSpan.FromSeconds(settings.Subscription.TimeoutSeconds),
            MaySupersede: isLive,
            MaySpill: true,
            settings.Subscription.BatchSize);
        try
        {
            return await model.Lease.InferAsync(frame, request, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            return new() { Skipped = SkipReason.Stopped };
        }
        catch (Exception problem)
        {
            LogFrameFailed(_camera.Id, DeploymentId, problem);
            return new() { Skipped = SkipReason.Failed, Error = FrameError.Inference };
        }
    }

    private async Task SettleAllAsync()
    {
        await foreach (var entry in _inFlight.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await SettleAsync(entry);
            }
            catch (OperationCanceledException)
            {
                Refuse(entry, SkipReason.Stopped);
            }
            catch (Exception problem)
            {
                LogFrameFailed(_camera.Id, DeploymentId, problem);
                Refuse(entry, SkipReason.Failed, FrameError.Postprocessing);
            }
            finally
            {
                await LetGoAsync(entry);
            }
        }
    }

    private async ValueTask SettleAsync(InFlight entry)
    {
        var outcome = await entry.Outcome;
        var frame = entry.Frame;
        if (outcome.Skipped is { } reason)
        {
            Refuse(entry, reason, outcome.Error);
            return;
        }

        var found = _detections.Build(
            frame, outcome.Objects, entry.Model.Model, entry.Settings.RulesFor(entry.Model), entry.Settings.Subscription.ConfidenceThreshold);
        await _books.InferAsync(frame, entry.IsShadow, outcome, found, entry.Settings.Subscription.Destinations, _abandon.Token);
    }

    private void Refuse(InFlight entry, SkipReason reason, FrameError error = FrameError.None) =>
        _books.Skip(entry.Frame.Time, entry.IsShadow, reason, error);

    private async ValueTask LetGoAsync(InFlight entry)
    {
        entry.Frame.Release();
        _credits.Release();
        await entry.Model.ReleaseAsync();
    }

    private readonly record struct InFlight(
        VideoFrame Frame, bool IsShadow, ServingModel Model, LaneSettings Settings, Task<FrameOutcome> Outcome);

    [LoggerMessage(LogLevel.Debug, "Camera {Camera}: a frame for deployment {Deployment} failed")]
    private partial void LogFrameFailed(Guid camera, Guid deployment, Exception problem);
}
