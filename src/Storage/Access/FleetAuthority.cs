using System.Net;
using System.Numerics;
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

    // More bits than the group's order has, so that the remainder favours no key: FIPS 186-5, A.2.1.
    private const int SeedBytes = 48;
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    // Order of the group of NIST P-256: SP 800-186, 3.2.1.3.
    private static readonly BigInteger Order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    // The same on all hosts and at every start: certificates of one are good at the other.
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2126, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="masterKey">At least 32 random bytes.</param>
    public FleetAuthority(byte[] masterKey)
    {
        var seed = HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, SeedBytes, info: "fleet.authority.v1"u8.ToArray());
        var secret = (new BigInteger(seed, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Bytes(secret) });
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

    private static byte[] Bytes(BigInteger secret)
    {
        var bytes = new byte[32];
        var written = secret.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(bytes, bytes.Length - written.Length);
        return bytes;
    }
}
