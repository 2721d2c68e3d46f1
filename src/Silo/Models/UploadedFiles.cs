using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>
/// Files that one registration has stored. Where it fails, those that nobody else holds or uses are removed again.
/// </summary>
internal sealed class UploadedFiles(IModelFiles files, FilesInHand inHand)
{
    private readonly List<string> _paths = [];

    /// <summary>Stores a file and takes it in hand.</summary>
    public async Task<StoredFile> SaveAsync(Stream content, CancellationToken cancellationToken)
    {
        var file = await files.SaveAsync(content, cancellationToken);
        Take(file.Path);
        return file;
    }

    /// <summary>Takes a file in hand that was stored already.</summary>
    public void Take(string path)
    {
        inHand.Take(path);
        _paths.Add(path);
    }

    /// <summary>Ends the registration.</summary>
    /// <param name="keep">Its files may have come to be used.</param>
    /// <param name="onFailure">Told of a file that could not be removed.</param>
    public async Task EndAsync(bool keep, Action<string, Exception> onFailure)
    {
        foreach (var path in _paths)
        {
            if (!inHand.PutBack(path) || keep)
            {
                continue;
            }

            try
            {
                await files.DeleteIfUnusedAsync(path, CancellationToken.None);
            }
            catch (Exception exception)
            {
                // The failure that brought us here is what the caller must hear of.
                onFailure(path, exception);
            }
        }
    }
}
