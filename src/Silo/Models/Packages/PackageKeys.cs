using System.Security.Cryptography;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>The key by which this fleet signs packages, and the keys whose packages it takes.</summary>
internal sealed class PackageKeys : IDisposable
{
    private const DSASignatureFormat Format = DSASignatureFormat.Rfc3279DerSequence;

    private readonly Lock _lock = new();
    private readonly ECDsa _own;
    private readonly HashSet<string> _trusted;

    public PackageKeys(IOptions<MasterKeyOptions> master, IOptions<ModelPackageOptions> options)
    {
        var pairs = master.Value.ReadKeyPairs("fleet.model-packages.v1"u8);
        _own = pairs[0];
        PublicKey = _own.ExportSubjectPublicKeyInfo();
        KeyId = PackageSignature.FingerprintOf(PublicKey);

        // What the fleet signed before its master key was changed is still its own.
        _trusted = new(
            pairs.Select(pair => PackageSignature.FingerprintOf(pair.ExportSubjectPublicKeyInfo())).Concat(options.Value.TrustedPublishers),
            StringComparer.OrdinalIgnoreCase);
        foreach (var earlier in pairs.Skip(1))
        {
            earlier.Dispose();
        }
    }

    /// <summary>Fingerprint of this fleet's key.</summary>
    public string KeyId { get; }

    /// <summary>As SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Vouches for a manifest.</summary>
    public PackageSignature Sign(byte[] manifest)
    {
        // An ECDsa is not for two threads at once.
        lock (_lock)
        {
            return new()
            {
                Algorithm = PackageSignature.EcdsaP256Sha256,
                KeyId = KeyId,
                PublicKey = PublicKey,
                Signature = _own.SignData(manifest, HashAlgorithmName.SHA256, Format),
            };
        }
    }

    /// <summary>Makes sure that a key which this fleet trusts signed exactly these bytes.</summary>
    /// <exception cref="FleetRefusedException">The key is nobody's (says which setting would take it), or the signature is of other bytes.</exception>
    public void Demand(byte[] manifest, PackageSignature signature)
    {
        // Before the key is looked into: no stranger's bytes reach the code that decodes keys.
        if (!_trusted.Contains(signature.KeyId))
        {
            throw new FleetRefusedException(
                RefusalKind.Forbidden,
                PackageSignature.FileName,
                $"The package is signed by {signature.KeyId}, whom this fleet does not trust. If that is the fleet you mean, "
                + $"name it in {ModelPackageOptions.Section}:{nameof(ModelPackageOptions.TrustedPublishers)}.");
        }

        if (!IsSigned(manifest, signature))
        {
            throw PackageRefusal.Invalid(
                PackageSignature.FileName, "The signature is not of this manifest: one of them was changed, or belongs to another package.");
        }
    }

    public void Dispose() => _own.Dispose();

    private static bool IsSigned(byte[] manifest, PackageSignature signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(signature.PublicKey, out _);
            return key.ExportParameters(includePrivateParameters: false).Curve is { IsNamed: true } curve
                && curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                && key.VerifyData(manifest, signature.Signature, HashAlgorithmName.SHA256, Format);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
