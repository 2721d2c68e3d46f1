using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Storage.Access;

/// <summary>A secret key of this fleet as a file, base64, readable for its owner alone.</summary>
public static class KeyFile
{
    /// <summary>Length of a key, in bytes; a key that is given may be longer.</summary>
    public const int KeyBytes = 32;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(5);

    /// <summary>A file of this name in the user's folder for program data.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="setting">Says where it is otherwise.</param>
    /// <exception cref="InvalidOperationException">This user has no such folder.</exception>
    public static string Default(string name, string setting)
    {
        var folder = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length > 0
            ? Path.Combine(folder, "orleans-ai-fleet", name)
            : throw new InvalidOperationException($"This user has no folder for {name}. Say where it is in {setting}.");
    }

    /// <summary>The file's key; makes file and key where they are missing.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read or holds no key.</exception>
    public static byte[] ReadOrCreate(string path, string setting)
    {
        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }

            return Parse(File.ReadAllText(path).Trim(), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The key {path} cannot be read or made: {failure.Message} See {setting}.", failure);
        }
    }

    /// <summary>The key of a text.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public static byte[] Parse(string text, string where)
    {
        try
        {
            if (Convert.FromBase64String(text) is { Length: >= KeyBytes } key)
            {
                return key;
            }
        }
        catch (FormatException)
        {
            // Told below: the failure's own text could show part of the key.
        }

        throw new InvalidOperationException($"{where} is no key: it must be base64 of at least {KeyBytes} random bytes.");
    }

    // The file appears whole. Hosts that come at once make it one after the other: to move a file where none is yet is two
    // steps on Unix, and between them another host's key would be replaced, which that host uses already.
    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var turn = Open($"{path}.lock", FileMode.OpenOrCreate, FileOptions.DeleteOnClose, patience: LockPatience);
        if (File.Exists(path))
        {
            return;
        }

        var draft = $"{path}.{Guid.NewGuid():N}.new";
        using (var file = Open(draft, FileMode.CreateNew, FileOptions.None, patience: TimeSpan.Zero))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: false);
    }

    // For its owner alone, and for one process at a time.
    private static FileStream Open(string path, FileMode mode, FileOptions options, TimeSpan patience)
    {
        var how = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new(path, how);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < patience)
            {
                Thread.Sleep(LockRetry);
            }
        }
    }
}
