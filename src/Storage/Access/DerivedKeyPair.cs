using System.Numerics;
using System.Security.Cryptography;

namespace OrleansAiFleet.Storage.Access;

/// <summary>Key pairs of NIST P-256 that follow from the master key: every host of a fleet has the same without any being copied.</summary>
public static class DerivedKeyPair
{
    // More bits than the group's order has, so that the remainder favours no key: FIPS 186-5, A.2.1.
    private const int SeedBytes = 48;
    private const int SecretBytes = 32;

    // Order of the group of NIST P-256: SP 800-186, 3.2.1.3.
    private static readonly BigInteger Order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    /// <summary>The key pair of one use; the caller disposes it.</summary>
    /// <param name="masterKey">At least 32 random bytes.</param>
    /// <param name="label">What it is for, with a version: never the same for two uses, never changed.</param>
    public static ECDsa Create(byte[] masterKey, ReadOnlySpan<byte> label)
    {
        var seed = HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, SeedBytes, info: label.ToArray());
        var secret = (new BigInteger(seed, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Bytes(secret) });
    }

    private static byte[] Bytes(BigInteger secret)
    {
        var bytes = new byte[SecretBytes];
        var written = secret.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes, bytes.Length - written.Length);
        return bytes;
    }
}
