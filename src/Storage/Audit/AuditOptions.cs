namespace OrleansAiFleet.Storage.Audit;

/// <summary>How the audit trail is signed: <c>Fleet:Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Fleet:Audit";

    /// <summary>The key itself, base64 of at least 32 bytes, the same on all control silos. Default: none, the file counts.</summary>
    public string? Key { get; set; }

    /// <summary>
    /// File with the key in base64; made where it is missing, for its owner alone. Default: <c>orleans-ai-fleet/audit.key</c>
    /// in the user's folder for program data.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>The signer that the options name.</summary>
    /// <exception cref="InvalidOperationException">There is no usable key; says which setting to mend.</exception>
    public IAuditSigner CreateSigner() => Key is { Length: > 0 } key
        ? AuditKeyFile.Parse(key, $"{Section}:{nameof(Key)}")
        : AuditKeyFile.ReadOrCreate(KeyFile is { Length: > 0 } file ? file : AuditKeyFile.Default);
}
