namespace OrleansAiFleet.Storage.Audit;

/// <summary>Signs the heads of the audit trail with a key that the database does not have.</summary>
public interface IAuditSigner
{
    /// <summary>Which key it is; tells nothing about it.</summary>
    string KeyId { get; }

    /// <summary>The signature of some bytes; the same bytes always have the same.</summary>
    byte[] Sign(ReadOnlySpan<byte> content);
}
