using OrleansAiFleet.GpuWorker.Cameras;
using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Deployments.Scaling;

/// <summary>
/// A model that is here or elsewhere. Elsewhere, frames go to the workers that serve it, and nothing is kept loaded here; a frame that
/// none of them takes is inferred here after all, whatever that loads: a camera never waits for the scheduler. Where the model comes
/// here, they serve it until it is loaded.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="local">Loads it here.</param>
/// <param name="spill">Sends frames.</param>
/// <param name="elsewhere">Workers that serve it instead of this one; null: it is served here.</param>
/// <param name="time">For how long a frame waits for a load.</param>
internal sealed class RoutedLease(
    ModelReference model, IModelRepository local, SpillRouter spill, Func<IReadOnlySet<SiloAddress>?> elsewhere, TimeProvider time) : IModelLease
{
    // Beyond it nobody waits for a load; infinite is less.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _loads = new(1);
    private readonly CancellationTokenSource _ended = new();
    private InstanceBook? _book;
    private ServingModel? _here;
    private IReadOnlySet<SiloAddress>? _servedBy = elsewhere();
    private Task? _loading;

    /// <summary>Loads it here, where it is not yet.</summary>
    /// <exception cref="ModelLoadException">It cannot be loaded.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken) => await (await UseHereAsync(cancellationToken)).ReleaseAsync();

    /// <summary>Lets go of what is loaded here as soon as the model is served elsewhere.</summary>
    public void Follow(InstanceBook book)
    {
        _book = book;
        book.Changed += LetGoIfElsewhere;
    }

    public async ValueTask<FrameOutcome> InferAsync(VideoFrame frame, FrameRequest request, CancellationToken cancellationToken)
    {
        if (_ended.IsCancellationRequested)
        {
            return new() { Skipped = SkipReason.Stopped };
        }

        // The caller's reference ends with the first wait.
        frame.AddReference();
        try
        {
            if (elsewhere() is { } workers)
            {
                _servedBy = workers;
                LetGo();
                if (await spill.SendAsync(model, workers, frame, request, cancellationToken) is { } outcome)
                {
                    return outcome;
                }
            }
            else if (_servedBy is { } before && IsStillLoading()
                && await spill.SendAsync(model, before, frame, request, cancellationToken) is { Skipped: null } meanwhile)
            {
                return meanwhile;
            }

            return await InferHereAsync(frame, request, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || _ended.IsCancellationRequested)
        {
            return new() { Skipped = SkipReason.Stopped };
        }
        finally
        {
            frame.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_book is { } book)
        {
            book.Changed -= LetGoIfElsewhere;
        }

        await _ended.CancelAsync();
        LetGo();
    }

    // The load goes on beside the frames.
    private bool IsStillLoading()
    {
        if (Volatile.Read(ref _here) is not null)
        {
            return false;
        }

        if (Volatile.Read(ref _loading) is not { } loading)
        {
            using var _ = ExecutionContext.SuppressFlow();
            loading = Task.Run(() => LoadAsync(_ended.Token));
            Volatile.Write(ref _loading, loading);
        }

        return !loading.IsCompleted;
    }

    private async Task<FrameOutcome> InferHereAsync(VideoFrame frame, FrameRequest request, CancellationToken cancellationToken)
    {
        ServingModel here;
        try
        {
            here = TryUseHere() ?? await WaitHereAsync(request.Timeout, cancellationToken);
        }
        catch (ModelLoadException)
        {
            // The repository has said why in the log.
            return new() { Skipped = SkipReason.ModelNotReady };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !_ended.IsCancellationRequested)
        {
            return new() { Skipped = SkipReason.TimedOut, Error = FrameError.Timeout };
        }

        try
        {
            return await here.Lease.InferAsync(frame, request, cancellationToken);
        }
        finally
        {
            await here.ReleaseAsync();
        }
    }

    private async Task<ServingModel> WaitHereAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit < LongestWait ? limit : LongestWait, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token, timeout.Token);
        return await UseHereAsync(any.Token);
    }

    private ServingModel? TryUseHere() => Volatile.Read(ref _here) is { } here && here.TryUse() ? here : null;

    private async ValueTask<ServingModel> UseHereAsync(CancellationToken cancellationToken)
    {
        if (TryUseHere() is { } there)
        {
            return there;
        }

        await _loads.WaitAsync(cancellationToken);
        try
        {
            if (TryUseHere() is { } meanwhile)
            {
                return meanwhile;
            }

            var loaded = new ServingModel(await local.AcquireAsync(model, cancellationToken), model);
            loaded.TryUse();
            Volatile.Write(ref _here, loaded);
            if (_ended.IsCancellationRequested)
            {
                LetGo();
            }

            return loaded;
        }
        finally
        {
            _loads.Release();
        }
    }

    private void LetGoIfElsewhere()
    {
        if (elsewhere() is { } workers)
        {
            _servedBy = workers;
            LetGo();
        }
    }

    // Frames that use it go on to their end.
    private void LetGo()
    {
        Volatile.Write(ref _loading, null);
        if (Interlocked.Exchange(ref _here, null) is { } here)
        {
            _ = here.ReleaseAsync().AsTask();
        }
    }
}
