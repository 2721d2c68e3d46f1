using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>The audit key as a file, readable for its owner alone.</summary>
public static class AuditKeyFile
{
    private const string Setting = $"{AuditOptions.Section}:{nameof(AuditOptions.KeyFile)}";

    /// <summary>Where it lies unless said otherwise.</summary>
    /// <exception cref="InvalidOperationException">This user has no folder for program data.</exception>
    public static string Default => KeyFile.Default("audit.key", Setting);

    /// <summary>A signer with the file's key; makes file and key where they are missing.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read or holds no key.</exception>
    public static IAuditSigner ReadOrCreate(string path) => new HmacAuditSigner(KeyFile.ReadOrCreate(path, Setting));

    internal static IAuditSigner Parse(string text, string where) => new HmacAuditSigner(KeyFile.Parse(text, where));
}
