using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Where uploaded files go.</summary>
internal interface IModelFiles
{
    /// <summary>Stores a file in constant memory; the same content gives the same path.</summary>
    Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Removes a file that no model refers to. Idempotent.</summary>
    Task DeleteIfUnusedAsync(string path, CancellationToken cancellationToken);
}

/// <summary>The files in the fleet's database.</summary>
internal sealed class StoredModelFiles(ModelFileStore store) : IModelFiles
{
    public Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken) =>
        store.SaveAsync(content, cancellationToken);

    public Task DeleteIfUnusedAsync(string path, CancellationToken cancellationToken) =>
        store.DeleteIfUnusedAsync(path, cancellationToken);
}
