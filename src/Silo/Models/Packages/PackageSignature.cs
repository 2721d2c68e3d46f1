using System.Security.Cryptography;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>Who vouches for a manifest: <c>manifest.sig</c>.</summary>
internal sealed record PackageSignature
{
    /// <summary>Name of the signature in the package.</summary>
    public const string FileName = "manifest.sig";

    /// <summary>The one algorithm there is: ECDSA on NIST P-256 over SHA-256, the signature in DER.</summary>
    public const string EcdsaP256Sha256 = "ecdsa-p256-sha256";

    /// <summary>Largest signature file in bytes; one has some 400.</summary>
    public const int MostBytes = 4096;

    public required string Algorithm { get; init; }

    /// <summary>SHA-256 of <see cref="PublicKey"/>, hexadecimal.</summary>
    public required string KeyId { get; init; }

    /// <summary>As SubjectPublicKeyInfo.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Of the manifest's exact bytes.</summary>
    public required byte[] Signature { get; init; }

    /// <summary>Reads <c>manifest.sig</c>; nothing is verified yet.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">It is none.</exception>
    public static PackageSignature Read(byte[] bytes)
    {
        var signature = PackageJson.Read<PackageSignature>(FileName, bytes);
        return signature.Algorithm != EcdsaP256Sha256
                ? throw PackageRefusal.Invalid(
                    FileName, $"The package is signed by '{PackageRefusal.Shown(signature.Algorithm)}'; this fleet knows {EcdsaP256Sha256}.")
            : signature.KeyId != FingerprintOf(signature.PublicKey)
                ? throw PackageRefusal.Invalid(FileName, "The package's key id is not that of its public key.")
            : !PackageJson.Write(signature).AsSpan().SequenceEqual(bytes)
                ? throw PackageRefusal.Invalid(FileName, $"{FileName} is not as a fleet writes it: it was changed on the way.")
            : signature;
    }

    /// <summary>What a public key is known by.</summary>
    public static string FingerprintOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey));
}
