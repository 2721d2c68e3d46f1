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

    /// <summary>
    /// File in which control silos note the newest head, outside the database. Default: beside the key file, with <c>.head</c>
    /// in place of its extension.
    /// </summary>
    public string? HeadFile { get; set; }

    /// <summary>How often the newest head is noted. Default: 1 s.</summary>
    public TimeSpan NoteInterval { get; set; } = TimeSpan.FromSeconds(1);

    private string KeyPath => KeyFile is { Length: > 0 } file ? file : AuditKeyFile.Default;

    /// <summary>The signer that the options name.</summary>
    /// <exception cref="InvalidOperationException">There is no usable key; says which setting to mend.</exception>
    public IAuditSigner CreateSigner() => Key is { Length: > 0 } key
        ? AuditKeyFile.Parse(key, $"{Section}:{nameof(Key)}")
        : AuditKeyFile.ReadOrCreate(KeyPath);

    /// <summary>The file for the newest head that the options name.</summary>
    /// <exception cref="InvalidOperationException">There is no place for one; says which setting to mend.</exception>
    public AuditHeadNote CreateNote() =>
        new(HeadFile is { Length: > 0 } file ? file : Path.ChangeExtension(KeyPath, ".head"));
}
