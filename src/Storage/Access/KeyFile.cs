using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Storage.Access;

/// <summary>A secret key of this fleet as a file, base64, readable for its owner alone.</summary>
public static class KeyFile
{
    /// <summary>Length of a key, in bytes; a key that is given may be longer.</summary>
    public const int KeyBytes = 32;

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

    // Two processes may come at once: the file appears whole, and the second finds the first one's.
    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))));
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
