using Npgsql;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Files of one import while nothing refers to them yet: those not kept are removed when it is disposed.</summary>
internal sealed partial class ReceivedFiles(IModelFiles files, FilesInHand inHand, ILogger logger) : IAsyncDisposable
{
    private readonly Dictionary<string, StoredFile> _bySha256 = [];
    private bool _kept;

    /// <summary>The stored file of a manifest's file.</summary>
    public StoredFile this[PackageFile file] => _bySha256[file.Sha256];

    /// <summary>Stores a content while it is read.</summary>
    public async Task SaveAsync(PackageFile file, Stream content, CancellationToken cancellationToken)
    {
        var stored = await files.SaveAsync(content, cancellationToken);
        inHand.Take(stored.Path);
        _bySha256[stored.Sha256] = stored;
        if (stored.Sha256 != file.Sha256)
        {
            throw new InvalidOperationException($"The store has {stored.Sha256} where {file.Sha256} was given.");
        }
    }

    /// <summary>From now on somebody may refer to them.</summary>
    public void Keep() => _kept = true;

    /// <summary>Nobody does after all.</summary>
    public void Drop() => _kept = false;

    public async ValueTask DisposeAsync()
    {
        foreach (var file in _bySha256.Values)
        {
            if (inHand.PutBack(file.Path) && !_kept)
            {
                await DiscardAsync(file.Path);
            }
        }
    }

    private async Task DiscardAsync(string path)
    {
        try
        {
            await files.DeleteIfUnusedAsync(path, CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or FleetRefusedException)
        {
            // The failure that brought us here is what the caller must hear of.
            LogNotDiscarded(path, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Model file {Path} could not be removed after a failed import")]
    private partial void LogNotDiscarded(string path, Exception exception);
}
