using OrleansAiFleet.Models;

namespace OrleansAiFleet.GpuWorker.Inference;

/// <summary>Brings one model version into memory.</summary>
internal interface IModelLoader
{
    /// <summary>Fetches, checks, loads, warms up. A failure leaves nothing behind.</summary>
    Task<LoadedModel> LoadAsync(ModelReference model, CancellationToken cancellationToken);
}

/// <summary>A model version in memory, with the local file it came from.</summary>
internal sealed record LoadedModel(ModelRuntime Runtime, IDisposable File) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        File.Dispose();
    }
}
