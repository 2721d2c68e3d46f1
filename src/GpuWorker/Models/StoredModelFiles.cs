using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>Model files in the fleet's store.</summary>
internal sealed class StoredModelFiles(ModelFileStore store) : IModelFiles
{
    public Task FetchAsync(string path, string targetFile, CancellationToken cancellationToken) =>
        store.FetchAsync(path, targetFile, cancellationToken);
}
