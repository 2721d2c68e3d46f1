using System.Security.Cryptography;

namespace OrleansAiFleet.Storage.Access;

/// <summary>One master key: what it is told apart by, and the keys derived from it. It encrypts nothing itself.</summary>
public sealed class MasterKey
{
    private const int IdBytes = 8;

    /// <param name="key">The secret, at least <see cref="KeyFile.KeyBytes"/> bytes.</param>
    public MasterKey(byte[] key)
    {
        KeyRing = Derive(key, "fleet.key-ring.v1"u8);
        ModelFiles = Derive(key, "fleet.model-files.v1"u8);
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(KeyRing, "fleet.master-key-id"u8).AsSpan(0, IdBytes));
    }

    /// <summary>For AES-256: protects the key ring.</summary>
    public byte[] KeyRing { get; }

    /// <summary>For AES-256: wraps the keys of stored files.</summary>
    public byte[] ModelFiles { get; }

    /// <summary>Tells nothing of the key: hexadecimal, 16 digits.</summary>
    public string Id { get; }

    private static byte[] Derive(byte[] key, ReadOnlySpan<byte> label) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, SHA256.HashSizeInBytes, info: label.ToArray());
}
