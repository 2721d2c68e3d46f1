
using Microsoft.Extensions.Options;

using OrleansAiFleet.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>
/// The model versions in this worker's memory: one load per version at a time, shared by all who ask; unloaded some time
/// after the last lease. Who wants a swap without a gap takes the new lease before giving up the old one.
/// </summary>
internal sealed partial class ModelRepository(
    IModelLoader loader,
    SpillRouter spill,
    IOptions<InferenceOptions> options,
    TimeProvider time,
    ILogger<ModelRepository> logger) : IModelRepository, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ModelSlot> _slots = [];
    private readonly HashSet<Task> _unloads = [];
    private readonly CancellationTokenSource _stopping = new();
    private bool _disposed;

    /// <summary>Counters of what is loaded.</summary>
    public ModelRuntimeStatus[] Statuses => [.. LoadedRuntimes().Select(runtime => runtime.Status)];

    public async ValueTask<IModelLease> AcquireAsync(ModelReference model, CancellationToken cancellationToken)
    {
        var slot = Enter(model);
        slot.UnloadsOnceIdle = false;
        try
        {
            var loaded = await slot.Load.WaitAsync(cancellationToken);
            return new ModelLease(loaded.Runtime, spill, () => Leave(slot));
        }
        catch (ModelLoadException exception)
        {
            Leave(slot);

            // One exception object per caller: many may wait for the same load.
            throw new ModelLoadException(exception.Message, exception);
        }
        catch
        {
            Leave(slot);
            throw;
        }
    }

    /// <summary>A lease where the version is loaded; otherwise null, and it starts loading where it may.</summary>
    public IModelLease? TryAcquireLoaded(ModelReference model, bool loads = true)
    {
        if (!loads && !IsThere(model))
        {
            return null;
        }

        var slot = Enter(model);
        if (slot.Load.IsCompletedSuccessfully)
        {
            return new ModelLease(slot.Runtime!, spill, () => Leave(slot));
        }

        Leave(slot);
        return null;
    }

    /// <summary>Unloads a version with the end of its last lease, and not some time later; acquiring it anew takes that back.</summary>
    public void UnloadOnceIdle(ModelReference model)
    {
        lock (_gate)
        {
            if (_slots.TryGetValue(RuntimeKey.Of(model), out var slot))
            {
                slot.UnloadsOnceIdle = true;
                if (slot.Leases == 0)
                {
                    WaitIdle(slot);
                }
            }
        }
    }

    /// <summary>Frames waiting for a model version, or -1 where it is not loaded.</summary>
    public int Pending(Guid modelId)
    {
        var runtimes = LoadedRuntimes().Where(runtime => runtime.Model.ModelId == modelId).ToList();
        return runtimes.Count == 0 ? -1 : runtimes.Sum(runtime => runtime.Pending);
    }

    /// <summary>Unloads everything; frames that wait complete as stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        ModelSlot[] slots;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            slots = [.. _slots.Values];
            _slots.Clear();
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(slots.Select(UnloadAsync));
        Task[] unloads;
        lock (_gate)
        {
            unloads = [.. _unloads];
        }

        await Task.WhenAll(unloads);
        _stopping.Dispose();
    }

    private List<ModelRuntime> LoadedRuntimes()
    {
        lock (_gate)
        {
            return [.. _slots.Values.Select(slot => slot.Runtime).OfType<ModelRuntime>()];
        }
    }

    private bool IsThere(ModelReference model)
    {
        lock (_gate)
        {
            return _slots.ContainsKey(RuntimeKey.Of(model));
        }
    }

    private ModelSlot Enter(ModelReference model)
    {
        // A reference that says something else of the same version gets a runtime of its own beside the old one.
        var key = RuntimeKey.Of(model);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_slots.TryGetValue(key, out var slot) || IsToBeRetried(slot))
            {
                slot = new ModelSlot(key, model);
                slot.Load = Task.Run(() => LoadAsync(slot));
                _slots[key] = slot;
            }

            slot.Leases++;
            return slot;
        }
    }

    private bool IsToBeRetried(ModelSlot slot) =>
        slot.FailedAt is { } failed && time.GetElapsedTime(failed) >= options.Value.LoadRetryAfter;

    private void Leave(ModelSlot slot)
    {
        lock (_gate)
        {
            if (--slot.Leases > 0 || _disposed)
            {
                return;
            }

            WaitIdle(slot);
        }
    }

    private void WaitIdle(ModelSlot slot)
    {
        slot.IdleSince = time.GetTimestamp();
        slot.IdleTimer?.Dispose();
        slot.IdleTimer = time.CreateTimer(_ => UnloadIfIdle(slot), null, IdleTime(slot), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan IdleTime(ModelSlot slot) => slot switch
    {
        { FailedAt: not null } => options.Value.LoadRetryAfter,
        { UnloadsOnceIdle: true } => TimeSpan.Zero,
        _ => options.Value.IdleUnload,
    };

    private void UnloadIfIdle(ModelSlot slot)
    {
        lock (_gate)
        {
            if (slot.Leases > 0
                || time.GetElapsedTime(slot.IdleSince) < IdleTime(slot)
                || _slots.GetValueOrDefault(slot.Key) != slot)
            {
                return;
            }

            _slots.Remove(slot.Key);
            var unload = Task.Run(() => UnloadAsync(slot));
            _unloads.Add(unload);
            _ = unload.ContinueWith(Forget, TaskScheduler.Default);
        }
    }

    private void Forget(Task unload)
    {
        lock (_gate)
        {
            _unloads.Remove(unload);
        }
    }

    private async Task<LoadedModel> LoadAsync(ModelSlot slot)
    {
        try
        {
            var loaded = await loader.LoadAsync(slot.Model, _stopping.Token);
            lock (_gate)
            {
                slot.Runtime = loaded.Runtime;
            }

            return loaded;
        }
        catch (Exception exception)
        {
            lock (_gate)
            {
                slot.FailedAt = time.GetTimestamp();
            }

            LogLoadFailed(exception, slot.Model.DisplayName, exception.Message);
            throw new ModelLoadException($"Model {slot.Model.DisplayName} cannot be loaded: {exception.Message}", exception);
        }
    }

    private async Task UnloadAsync(ModelSlot slot)
    {
        slot.IdleTimer?.Dispose();
        try
        {
            var loaded = await slot.Load;
            await loaded.DisposeAsync();
            LogUnloaded(slot.Model.DisplayName);
        }
        catch (ModelLoadException)
        {
            // Nothing was loaded; whoever waited for it knows.
        }
        catch (Exception exception)
        {
            LogUnloadFailed(exception, slot.Model.DisplayName);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Model {Model} cannot be loaded: {Reason}")]
    private partial void LogLoadFailed(Exception exception, string model, string reason);

    [LoggerMessage(LogLevel.Information, "Model {Model} unloaded")]
    private partial void LogUnloaded(string model);

    [LoggerMessage(LogLevel.Error, "Model {Model} did not unload cleanly")]
    private partial void LogUnloadFailed(Exception exception, string model);
}
