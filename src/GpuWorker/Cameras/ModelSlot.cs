using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>
/// The model version that serves one camera's deployment. A wanted one is loaded beside the serving one and takes its
/// place once it is ready; one that cannot be loaded leaves the serving one where it is and is tried again.
/// </summary>
internal sealed class ModelSlot : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private readonly IModelRepository _repository;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loading;
    private ModelReference _wanted;
    private ServingModel? _serving;

    public ModelSlot(IModelRepository repository, TimeProvider time, ModelReference wanted)
    {
        (_repository, _time, _wanted) = (repository, time, wanted);
        _loading = Task.Run(LoadAsync);
    }

    /// <summary>Why the wanted model does not serve, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Completes when the first wanted model serves or its first load failed.</summary>
    public Task Decided => _decided.Task;

    /// <summary>Whether any model serves, the wanted one or the one before.</summary>
    public bool HasModel => Volatile.Read(ref _serving) is not null;

    /// <summary>Whether the wanted model serves, and not the one before.</summary>
    public bool IsServing => Volatile.Read(ref _serving) is { } serving && IsSame(serving.Model, Volatile.Read(ref _wanted));

    public void Want(ModelReference model)
    {
        if (!IsSame(model, Interlocked.Exchange(ref _wanted, model)))
        {
            _changed.Release();
        }
    }

    /// <summary>The serving model, to be released after use; null where none is loaded.</summary>
    public ServingModel? TryUse() => Volatile.Read(ref _serving) is { } serving && serving.TryUse() ? serving : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Interlocked.Exchange(ref _serving, null) is { } serving)
        {
            await serving.ReleaseAsync();
        }

        _stop.Dispose();
        _changed.Dispose();
    }

    private async Task LoadAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            var wanted = Volatile.Read(ref _wanted);
            failures = await TryLoadAsync(wanted) ? 0 : failures + 1;
            _decided.TrySetResult();
            await WaitForChangeAsync(failures);
        }
    }

    private async Task<bool> TryLoadAsync(ModelReference wanted)
    {
        if (_serving is { } serving && IsSame(serving.Model, wanted))
        {
            Problem = null;
            return true;
        }

        try
        {
            var lease = await _repository.AcquireAsync(wanted, _stop.Token);
            var before = Interlocked.Exchange(ref _serving, new(lease, wanted));
            Problem = null;
            if (before is not null)
            {
                await before.ReleaseAsync();
            }

            return true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception problem)
        {
            // Whatever the reason, the camera goes on with what it has, and the operator reads why.
            Problem = $"Model {wanted.DisplayName} cannot be loaded: {problem.Message}";
            return false;
        }
    }

    private async Task WaitForChangeAsync(int failures)
    {
        if (failures == 0)
        {
            await _changed.WaitAsync(_stop.Token);
            return;
        }

        var doubled = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        var delay = doubled < LongestRetry ? doubled : LongestRetry;
        using var retry = new CancellationTokenSource(delay, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(retry.Token, _stop.Token);
        try
        {
            await _changed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time for the next try, or for the end.
        }
    }

    private static bool IsSame(ModelReference one, ModelReference other) =>
        ReferenceEquals(one, other) || RuntimeKey.Of(one) == RuntimeKey.Of(other);
}
