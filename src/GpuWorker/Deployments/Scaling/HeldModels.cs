using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.GpuWorker.Models;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Deployments.Scaling;

/// <summary>
/// Keeps the models loaded that the scheduler wants held here, before the first frame of them comes, and lets go of those that it
/// wants here no more. One that cannot be loaded is tried again whenever the scheduler repeats itself.
/// </summary>
internal sealed partial class HeldModels(ModelRepository models, ILogger<HeldModels> logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Held> _held = [];
    private readonly CancellationTokenSource _stopping = new();
    private ModelReference[] _wanted = [];

    /// <summary>Holds these and no others. Returns at once; loads go on beside.</summary>
    public void Want(ModelReference[] wanted)
    {
        lock (_gate)
        {
            _wanted = wanted;
        }

        Repeat();
    }

    /// <summary>Wants what it wanted last; what could not be loaded is tried again.</summary>
    public void Repeat()
    {
        lock (_gate)
        {
            var keys = _wanted.ToDictionary(RuntimeKey.Of);
            foreach (var (key, held) in _held.Where(each => !keys.ContainsKey(each.Key)).ToArray())
            {
                _held.Remove(key);
                LogLetGo(held.Model.DisplayName);
                _ = Task.Run(() => LetGoAsync(held));
            }

            foreach (var (key, model) in keys)
            {
                if (!_held.TryGetValue(key, out var there) || there.Lease is { IsCompleted: true, IsCompletedSuccessfully: false })
                {
                    // Loads outlive the call that wanted them and must not carry its context along.
                    using var _ = ExecutionContext.SuppressFlow();
                    _held[key] = new(model, Task.Run(() => models.AcquireAsync(model, _stopping.Token).AsTask()));
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Held[] held;
        lock (_gate)
        {
            held = [.. _held.Values];
            _held.Clear();
            _wanted = [];
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(held.Select(LetGoAsync));
        _stopping.Dispose();
    }

    private async Task LetGoAsync(Held held)
    {
        try
        {
            await using (await held.Lease)
            {
                // Nobody waits for it to be needed again: the scheduler has given its room to somebody else.
                models.UnloadOnceIdle(held.Model);
            }
        }
        catch (Exception exception) when (exception is ModelLoadException or OperationCanceledException or ObjectDisposedException)
        {
            // There is nothing to let go; the repository has said why.
        }
    }

    private sealed record Held(ModelReference Model, Task<IModelLease> Lease);

    [LoggerMessage(LogLevel.Information, "Model {Model} is not to be held here any more")]
    private partial void LogLetGo(string model);
}
