using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>The last entry of a day, signed.</summary>
/// <param name="Day">UTC day.</param>
/// <param name="Sequence">The entry's number in its day.</param>
/// <param name="Hash">The entry's hash, hex.</param>
/// <param name="KeyId">Which key signed.</param>
public sealed record AuditHead(DateOnly Day, long Sequence, string Hash, string KeyId)
{
    internal const string Columns = "day, sequence, hash, key_id, signature";

    internal byte[] Signature { get; private init; } = [];

    internal (DateOnly Day, long Sequence) Place => (Day, Sequence);

    /// <summary>Whether it stands behind another one: its row came later.</summary>
    internal bool IsBehind(AuditHead other) => Place.CompareTo(other.Place) > 0;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Day:yyyy-MM-dd} row {Sequence} {Hash} (key {KeyId})");

    /// <summary>Makes the head of an entry.</summary>
    internal static AuditHead Of(AuditEntry entry, IAuditSigner signer)
    {
        var head = new AuditHead(entry.Day, entry.Sequence, entry.Hash, signer.KeyId);
        return head with { Signature = signer.Sign(head.ToCanonicalBytes()) };
    }

    /// <summary>Reads <see cref="Columns"/>.</summary>
    internal static AuditHead Read(NpgsqlDataReader row) =>
        new(row.GetFieldValue<DateOnly>(0), row.GetInt64(1), Convert.ToHexStringLower(row.GetFieldValue<byte[]>(2)), row.GetString(3))
        {
            Signature = row.GetFieldValue<byte[]>(4),
        };

    /// <summary>Whether this key signed exactly this head.</summary>
    internal bool IsSignedBy(IAuditSigner signer) =>
        KeyId == signer.KeyId && CryptographicOperations.FixedTimeEquals(signer.Sign(ToCanonicalBytes()), Signature);

    private byte[] ToCanonicalBytes() => new CanonicalArray()
        .Add("fleet.audit.head.v1")
        .Add(Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
        .Add(Sequence)
        .Add(Hash)
        .ToUtf8();
}
