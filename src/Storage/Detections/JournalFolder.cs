namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// The folder in which one process keeps what is not in the database yet. It belongs to whoever holds the lock on its
/// lock file; the operating system frees that lock when the process dies, however it dies.
/// </summary>
/// <remarks>
/// What is written here survives the death of the process (kill -9): it is in the kernel's page cache. It is not forced
/// to the disk, so the last seconds may be lost when the machine itself fails.
/// </remarks>
public sealed class JournalFolder : IDisposable
{
    private const string LockName = "lock";
    private const string NewPrefix = ".new-";
    private static readonly TimeSpan UnfinishedFor = TimeSpan.FromHours(1);

    private readonly FileStream _lock;

    private JournalFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Makes a folder of this process's own under <paramref name="parent"/> and locks it.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static JournalFolder Create(string parent)
    {
        // Locked before it has its name: nobody may take it for a dead process's.
        var name = Guid.NewGuid().ToString("N");
        var unfinished = Directory.CreateDirectory(System.IO.Path.Combine(parent, NewPrefix + name)).FullName;
        var path = System.IO.Path.Combine(parent, name);
        var held = new FileStream(
            System.IO.Path.Combine(unfinished, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        try
        {
            Directory.Move(unfinished, path);
            return new(path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes over the folders of dead processes under <paramref name="parent"/>; those of living ones are passed over.</summary>
    internal static IEnumerable<JournalFolder> TakeOver(string parent)
    {
        if (!Directory.Exists(parent))
        {
            yield break;
        }

        foreach (var path in Directory.GetDirectories(parent))
        {
            if (Guid.TryParseExact(System.IO.Path.GetFileName(path), "N", out _) && TryLock(path) is { } held)
            {
                yield return new(path, held);
            }
        }
    }

    /// <summary>Removes what processes left that died while they made their folder; nothing was ever written there.</summary>
    internal static void RemoveUnfinished(string parent, DateTimeOffset now)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var path in Directory.GetDirectories(parent, NewPrefix + "*"))
        {
            if (now.UtcDateTime - Directory.GetLastWriteTimeUtc(path) > UnfinishedFor && TryLock(path) is { } held)
            {
                new JournalFolder(path, held).Delete();
            }
        }
    }

    /// <summary>Deletes the folder with all that is in it and gives it up.</summary>
    internal void Delete()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }

        _lock.Dispose();
    }

    /// <summary>Gives the folder up. Deletes it where it holds nothing; otherwise the next process takes it over.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path) && Directory.EnumerateFiles(Path).All(IsSpent))
        {
            Delete();
        }

        _lock.Dispose();
    }

    private static bool IsSpent(string file) =>
        System.IO.Path.GetFileName(file) == LockName
        || (file.EndsWith(JournalReader.Extension, StringComparison.Ordinal) && new FileInfo(file).Length == 0);

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new(System.IO.Path.Combine(path, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
