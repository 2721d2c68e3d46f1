using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Where uploaded files go.</summary>
internal interface IModelFiles
{
    /// <summary>Stores a file in constant memory; the same content gives the same path.</summary>
    Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Opens a file's content as a forward stream; disposed of asynchronously.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    /// <exception cref="InvalidDataException">It was tampered with; also while it is read.</exception>
    Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a file that nothing refers to. Idempotent.</summary>
    Task DeleteIfUnusedAsync(string path, CancellationToken cancellationToken);
}

/// <summary>The files in the fleet's database.</summary>
internal sealed class StoredModelFiles(ModelFileStore store) : IModelFiles
{
    public Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken) =>
        store.SaveAsync(content, cancellationToken);

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) => store.OpenReadAsync(path, cancellationToken);

    public Task DeleteIfUnusedAsync(string path, CancellationToken cancellationToken) =>
        store.DeleteIfUnusedAsync(path, cancellationToken);
}
