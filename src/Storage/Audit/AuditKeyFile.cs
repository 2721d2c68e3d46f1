using System.Security.Cryptography;
using System.Text;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>The audit key as a file, readable for its owner alone.</summary>
public static class AuditKeyFile
{
    /// <summary>Where it lies unless said otherwise.</summary>
    /// <exception cref="InvalidOperationException">This user has no folder for program data.</exception>
    public static string Default
    {
        get
        {
            var folder = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return folder.Length > 0
                ? Path.Combine(folder, "orleans-ai-fleet", "audit.key")
                : throw new InvalidOperationException(
                    $"This user has no folder for the audit key. Say where it is in {AuditOptions.Section}:{nameof(AuditOptions.KeyFile)}.");
        }
    }

    /// <summary>A signer with the file's key; makes file and key where they are missing.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read or holds no key.</exception>
    public static IAuditSigner ReadOrCreate(string path)
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
            throw new InvalidOperationException(
                $"The audit key {path} cannot be read or made: {failure.Message} See {AuditOptions.Section}:{nameof(AuditOptions.KeyFile)}.",
                failure);
        }
    }

    internal static IAuditSigner Parse(string text, string where)
    {
        try
        {
            return new HmacAuditSigner(Convert.FromBase64String(text));
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException)
        {
            // The failure's own text could show part of the key.
            throw new InvalidOperationException(
                $"{where} is no audit key: it must be base64 of at least {HmacAuditSigner.MinimumKeyBytes} random bytes.");
        }
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
                file.Write(Encoding.ASCII.GetBytes(
                    Convert.ToBase64String(RandomNumberGenerator.GetBytes(HmacAuditSigner.MinimumKeyBytes))));
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
