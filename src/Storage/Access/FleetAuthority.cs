using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansAiFleet.Storage.Access;

/// <summary>
/// Certificate authority of one fleet. Its key is derived from the master key, so every host that has the master key issues its own
/// certificate and trusts the others', and no certificate is ever copied between machines.
/// </summary>
public sealed class FleetAuthority : IDisposable
{
    /// <summary>Name in the certificate of every host, whatever its address: hosts know each other by the authority.</summary>
    public const string HostName = "host.fleet.internal";

    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    // The same on all hosts and at every start: certificates of one are good at the other.
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2126, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="masterKey">At least 32 random bytes.</param>
    public FleetAuthority(byte[] masterKey)
    {
        using var key = DerivedKeyPair.Create(masterKey, "fleet.authority.v1"u8);
        var id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
        var request = new CertificateRequest($"CN=OrleansAiFleet {id}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority(pathLengthConstraint: 0));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = request.CreateSelfSigned(Begin, End);
    }

    /// <summary>What others trust to trust this fleet's hosts.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>A certificate with a new key, for a server and for a client of the fleet's hosts.</summary>
    /// <param name="names">DNS names or addresses it is good for.</param>
    /// <param name="now">Now.</param>
    /// <param name="lifetime">How long it is good.</param>
    public X509Certificate2 Issue(IEnumerable<string> names, DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={HostName}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(ServerUse), new(ClientUse)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        // Clocks of machines differ: what is issued now must be good at one that is behind.
        using var open = request.Create(Certificate, now.AddDays(-1), now + lifetime, RandomNumberGenerator.GetBytes(16));
        return open.CopyWithPrivateKey(key);
    }

    public void Dispose() => Certificate.Dispose();
}
