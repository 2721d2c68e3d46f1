using System.Collections.Concurrent;
using System.Security.Cryptography;

using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Tests.Models;

/// <summary>Keeps uploaded files by content, and says when the first bytes of an upload are here.</summary>
internal sealed class FilesInMemory : IModelFiles
{
    private readonly ConcurrentDictionary<string, byte[]> _files = [];

    public TaskCompletionSource FirstBytes { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ICollection<string> Paths => _files.Keys;

    public async Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[16384];
        using var kept = new MemoryStream();
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            FirstBytes.TrySetResult();
            hash.AppendData(buffer, 0, read);
            kept.Write(buffer, 0, read);
        }

        var sha = Convert.ToHexStringLower(hash.GetHashAndReset());
        _files[$"sha256/{sha}"] = kept.ToArray();
        return new($"sha256/{sha}", sha, kept.Length);
    }

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(_files.TryGetValue(path, out var content) ? new MemoryStream(content) : throw new FileNotFoundException(path));

    public Task DeleteIfUnusedAsync(string path, CancellationToken cancellationToken)
    {
        _files.TryRemove(path, out _);
        return Task.CompletedTask;
    }
}
