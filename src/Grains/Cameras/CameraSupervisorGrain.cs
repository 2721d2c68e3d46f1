using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using Orleans.Concurrency;
using Orleans.Runtime.Placement;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Cameras;

/// <summary>
/// Gives every wanted camera its plan, round after round, and stops those that nobody wants. Asks the plan reader what is
/// wanted and the streams how they do. Holds nothing that it cannot find out again, so it may die with any silo.
/// </summary>
// Reentrant: a round waits for workers, and neither a refresh nor a question for statuses should wait for that.
[GrainType("camera-supervisor"), KeepAlive, Reentrant]
internal sealed partial class CameraSupervisorGrain(
    ICameraPlanReader plans,
    WorkerDirectory directory,
    IOptions<CamerasOptions> options,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<CameraSupervisorGrain> logger) : Grain, ICameraSupervisorGrain
{
    private readonly Dictionary<Guid, SupervisedCamera> _wanted = [];
    private ILookup<Guid, SupervisedCamera> _bySite = Array.Empty<SupervisedCamera>().ToLookup(_ => Guid.Empty);

    // Streams that were asked to run, or were found running, and are not wanted now.
    private readonly HashSet<Guid> _unwanted = [];

    private readonly TaskCompletionSource _firstRound = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // While many rows change, each change asks for a round: rounds take a third of the time at most, and wait a second at most.
    private const int PausePerRound = 2;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<CameraPlan>? _taken;
    private IGrainTimer? _timer;
    private int _round;
    private long _roundEnded;
    private DateTimeOffset? _lastRound;
    private TimeSpan _pause;
    private DateTimeOffset _nextRead;
    private bool _foundRunning;
    private bool _readFailing;

    private CamerasOptions Options => options.Value;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(
            static (grain, stopping) => grain.Round(stopping),
            this,
            new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = Options.SupervisionInterval, Interleave = true });
        return Task.CompletedTask;
    }

    public Task Wake() => Task.CompletedTask;

    public Task Refresh()
    {
        _nextRead = default;
        _hurry.TrySetResult();
        var left = _pause - time.GetElapsedTime(_roundEnded);
        _timer!.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Options.SupervisionInterval);
        return Task.CompletedTask;
    }

    public async Task<CameraStatus[]> GetStatuses()
    {
        // Just activated: the answer "no cameras" would be a lie.
        await Task.WhenAny(_firstRound.Task, Task.Delay(Options.CallTimeout, time));
        return [.. _wanted.Values.Select(camera => camera.Status)];
    }

    public Task<DateTimeOffset?> GetLastRound() => Task.FromResult(_lastRound);

    public async Task<CameraStatus[]> GetStatusesOf(Guid siteId)
    {
        await Task.WhenAny(_firstRound.Task, Task.Delay(Options.CallTimeout, time));
        return [.. _bySite[siteId].Select(camera => camera.Status)];
    }

    private async Task Round(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await ReadPlans(cancellationToken);
        await FindRunning(cancellationToken);
        try
        {
            await CallAll(cancellationToken);
        }
        catch (TimeoutException)
        {
            // Who that is stands in their calls.
        }

        NoteSilent();
        _firstRound.TrySetResult();
        _roundEnded = time.GetTimestamp();
        _lastRound = time.GetUtcNow();
        var wanted = PausePerRound * time.GetElapsedTime(begun, _roundEnded);
        _pause = wanted < LongestPause ? wanted : LongestPause;
    }

    private async Task ReadPlans(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _nextRead)
        {
            return;
        }

        _nextRead = now + Options.PlanInterval;
        try
        {
            Take(await plans.ReadWantedAsync(cancellationToken));
            _readFailing = false;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Cameras go on with the plans they have: a database that is away stops nobody's watch.
            if (!_readFailing)
            {
                LogPlansNotRead(failure);
            }

            _readFailing = true;
        }
    }

    private void Take(IReadOnlyList<CameraPlan> wanted)
    {
        if (ReferenceEquals(wanted, _taken))
        {
            return;
        }

        _taken = wanted;
        var ids = wanted.Select(plan => plan.Camera.Id).ToHashSet();
        foreach (var gone in _wanted.Keys.Where(id => !ids.Contains(id)).ToList())
        {
            _wanted.Remove(gone);
            _unwanted.Add(gone);
        }

        foreach (var plan in wanted)
        {
            _unwanted.Remove(plan.Camera.Id);
            if (_wanted.TryGetValue(plan.Camera.Id, out var camera))
            {
                camera.Plan = plan;
            }
            else
            {
                _wanted[plan.Camera.Id] = new(plan, time.GetUtcNow());
            }
        }

        _bySite = _wanted.Values.ToLookup(camera => camera.Plan.Camera.SiteId);
    }

    // An earlier activation of this grain may have started streams that nobody wants any more.
    private async Task FindRunning(CancellationToken cancellationToken)
    {
        if (_foundRunning || _readFailing)
        {
            return;
        }

        try
        {
            // It asks every silo, one that has just died too: cameras that are wanted do not wait for that.
            var running = await GrainFactory.GetGrain<IManagementGrain>(0).GetActiveGrains(WorkerDirectory.CameraStream, cancellationToken).AsTask()
                .WaitAsync(Options.CallTimeout, time, cancellationToken);
            _unwanted.UnionWith(running.Select(grain => grain.GetGuidKey()).Where(id => !_wanted.ContainsKey(id)));
            _foundRunning = true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogRunningNotFound(failure);
        }
    }

    private async Task CallAll(CancellationToken cancellationToken)
    {
        var hints = Hints();
        var round = new SupervisionRound(
            ++_round, _wanted.Values, camera => Ensure(camera, hints.GetValueOrDefault(camera.Plan.Camera.Id)), time);

        // Whoever is silent takes no place: a worker that does not answer must not keep others from their cameras.
        var places = Options.MaxConcurrentCalls - _wanted.Values.Count(camera => !camera.Call.IsCompleted && !IsSilent(camera));
        List<Task> stops = [.. _unwanted.ToList().Select(Stop)];
        await round.RunAsync(Math.Max(0, places), stops, _hurry.Task, Options.CallTimeout, cancellationToken);
    }

    private IReadOnlyDictionary<Guid, string> Hints()
    {
        var workers = directory.Workers.Select(worker => worker.ToParsableString()).ToHashSet();
        var placed = _wanted.Values.Where(camera => camera.Worker is { } worker && workers.Contains(worker))
            .ToDictionary(camera => camera.Plan.Camera.Id, camera => camera.Worker!);
        return CameraAssignment.Spread(workers, placed, _wanted.Keys.Where(id => !placed.ContainsKey(id)).Order());
    }

    private async Task Ensure(SupervisedCamera camera, string? hint)
    {
        var (before, problem) = (camera.Worker, camera.Problem);
        try
        {
            if (hint is not null)
            {
                // Lasts for this call alone: the context flows down and not back up.
                RequestContext.Set(IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(hint));
            }

            camera.Answers(await GrainFactory.GetGrain<ICameraStreamGrain>(camera.Plan.Camera.Id).Ensure(camera.Plan));
            if (camera.Worker != before)
            {
                LogRuns(camera.Plan.Camera.Id, camera.Worker!);
            }
        }
        catch (Exception failure)
        {
            camera.Fails(StreamFailure.Describe(failure));
            if (camera.Problem != problem)
            {
                LogNotRunning(camera.Plan.Camera.Id, camera.Problem!);
            }
        }
    }

    private async Task Stop(Guid id)
    {
        try
        {
            await GrainFactory.GetGrain<ICameraStreamGrain>(id).Stop("no active deployment looks at it");
            _unwanted.Remove(id);
            LogStopped(id);
        }
        catch (Exception failure) when (StreamFailure.IsNoWorker(failure))
        {
            _unwanted.Remove(id);
        }
        catch (Exception failure)
        {
            // Tried again at the next round.
            LogNotStopped(failure, id);
        }
    }

    private void NoteSilent()
    {
        foreach (var camera in _wanted.Values.Where(IsSilent))
        {
            if (camera.Problem != StreamFailure.Silent)
            {
                camera.Fails(StreamFailure.Silent);
                LogNotRunning(camera.Plan.Camera.Id, StreamFailure.Silent);
            }
        }
    }

    private bool IsSilent(SupervisedCamera camera) =>
        !camera.Call.IsCompleted && time.GetElapsedTime(camera.CalledAt) >= Options.CallTimeout;

    [LoggerMessage(LogLevel.Information, "Camera {Camera}: runs on {Worker}")]
    private partial void LogRuns(Guid camera, string worker);

    [LoggerMessage(LogLevel.Warning, "Camera {Camera}: does not run, {Problem}; it is tried again every round")]
    private partial void LogNotRunning(Guid camera, string problem);

    [LoggerMessage(LogLevel.Information, "Camera {Camera}: stopped, no active deployment looks at it")]
    private partial void LogStopped(Guid camera);

    [LoggerMessage(LogLevel.Warning, "Camera {Camera}: could not be stopped")]
    private partial void LogNotStopped(Exception failure, Guid camera);

    [LoggerMessage(LogLevel.Warning, "Camera supervisor: the wanted plans could not be read; cameras go on with the last ones")]
    private partial void LogPlansNotRead(Exception failure);

    [LoggerMessage(LogLevel.Warning, "Camera supervisor: streams that run already could not be found; tried again next round")]
    private partial void LogRunningNotFound(Exception failure);
}
