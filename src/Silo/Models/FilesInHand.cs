using System.Collections.Concurrent;

namespace OrleansAiFleet.Silo.Models;

/// <summary>
/// Files that uploads of this silo are about to register. Two uploads of one content share one stored file: the one that
/// fails must not remove it under the other.
/// </summary>
internal sealed class FilesInHand
{
    private readonly ConcurrentDictionary<string, int> _uploads = [];

    /// <summary>Takes a file in hand once more.</summary>
    public void Take(string path) => _uploads.AddOrUpdate(path, 1, static (_, uploads) => uploads + 1);

    /// <summary>Puts it back; true where no other upload holds it.</summary>
    public bool PutBack(string path)
    {
        var left = _uploads.AddOrUpdate(path, 0, static (_, uploads) => uploads - 1);
        return left == 0 && _uploads.TryRemove(new(path, 0));
    }
}
