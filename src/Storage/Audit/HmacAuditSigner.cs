using System.Security.Cryptography;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>Signs by HMAC-SHA256 with a key derived from a master key.</summary>
public sealed class HmacAuditSigner : IAuditSigner
{
    /// <summary>Shortest master key, in bytes.</summary>
    public const int MinimumKeyBytes = 32;

    private const int KeyIdBytes = 8;

    private readonly byte[] _key;

    /// <exception cref="ArgumentException">The key is too short to withstand guessing.</exception>
    public HmacAuditSigner(ReadOnlySpan<byte> masterKey)
    {
        if (masterKey.Length < MinimumKeyBytes)
        {
            throw new ArgumentException(
                $"The audit key has {masterKey.Length} bytes; it needs at least {MinimumKeyBytes}.", nameof(masterKey));
        }

        _key = new byte[SHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, _key, salt: [], "fleet.audit.head.v1"u8);
        KeyId = Convert.ToHexStringLower(HMACSHA256.HashData(_key, "fleet.audit.key-id"u8).AsSpan(0, KeyIdBytes));
    }

    public string KeyId { get; }

    public byte[] Sign(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_key, content);
}
