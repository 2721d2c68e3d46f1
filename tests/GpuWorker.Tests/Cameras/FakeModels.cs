using System.Collections.Concurrent;

using OrleansAiFleet.GpuWorker.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.GpuWorker.Tests.Cameras;

/// <summary>Models that find the same two objects in every frame: one sure, one not.</summary>
internal sealed class FakeModels : IModelRepository
{
    private readonly ConcurrentQueue<string> _events = new();

    /// <summary>Loads wait for this.</summary>
    public Task Loading { get; set; } = Task.CompletedTask;

    /// <summary>Every frame takes this long.</summary>
    public TimeSpan FrameTime { get; set; }

    /// <summary>Frames wait for this.</summary>
    public Task Inferring { get; set; } = Task.CompletedTask;

    public ConcurrentDictionary<Guid, string> Broken { get; } = new();

    /// <summary>What happened in order: <c>load A</c>, <c>unload A</c>.</summary>
    public IReadOnlyList<string> Events => [.. _events];

    public int InFlight;

    public int MostInFlight;

    public ConcurrentQueue<FrameRequest> Requests { get; } = new();

    public ConcurrentQueue<(int Width, int Height, double MeanLuma)> Frames { get; } = new();

    public async ValueTask<IModelLease> AcquireAsync(ModelReference model, CancellationToken cancellationToken)
    {
        await Loading.WaitAsync(cancellationToken);
        if (Broken.TryGetValue(model.ModelId, out var reason))
        {
            throw new ModelLoadException(reason);
        }

        _events.Enqueue($"load {model.DisplayName}");
        return new Lease(this, model);
    }

    private sealed class Lease(FakeModels models, ModelReference model) : IModelLease
    {
        private bool _disposed;

        public async ValueTask<FrameOutcome> InferAsync(VideoFrame frame, FrameRequest request, CancellationToken cancellationToken)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            frame.AddReference();
            var inFlight = Interlocked.Increment(ref models.InFlight);
            for (var most = models.MostInFlight; inFlight > most; most = models.MostInFlight)
            {
                Interlocked.CompareExchange(ref models.MostInFlight, inFlight, most);
            }

            models.Requests.Enqueue(request);
            models.Frames.Enqueue((frame.Width, frame.Height, frame.Y.ToArray().Average(luma => luma)));
            try
            {
                await Task.Delay(models.FrameTime, cancellationToken);
                await models.Inferring.WaitAsync(cancellationToken);
                return new() { Objects = [new(0, 0.9f, 0.1f, 0.2f, 0.3f, 0.4f), new(1, 0.3f, 0.5f, 0.5f, 0.1f, 0.1f)], BatchSize = 1 };
            }
            finally
            {
                Interlocked.Decrement(ref models.InFlight);
                frame.Release();
            }
        }

        public ValueTask DisposeAsync()
        {
            _disposed = true;
            models._events.Enqueue($"unload {model.DisplayName}");
            return ValueTask.CompletedTask;
        }
    }
}
