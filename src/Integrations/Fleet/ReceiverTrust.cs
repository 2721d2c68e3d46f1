using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansAiFleet.Integrations.Fleet;

/// <summary>Whom TLS connections believe: authorities that the machine trusts, and besides them those that the fleet's owner gives.</summary>
/// <param name="authorities">Certificates of further authorities; none: the machine's alone.</param>
public sealed class ReceiverTrust(X509Certificate2Collection authorities)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>Only what the machine trusts.</summary>
    public static ReceiverTrust OfMachine { get; } = new([]);

    /// <summary>The authorities of a file.</summary>
    /// <param name="path">A PEM file with at least one certificate; null: none.</param>
    /// <exception cref="CryptographicException">It has none, or what it has is broken.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ReceiverTrust Load(string? path)
    {
        if (path is null)
        {
            return OfMachine;
        }

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(File.ReadAllText(path));
        return authorities.Count > 0 ? new(authorities) : throw new CryptographicException($"{path} has no certificate in it.");
    }

    /// <summary>Whether a server is who it says to be.</summary>
    /// <param name="certificate">The server's.</param>
    /// <param name="chain">With what else the server showed.</param>
    /// <param name="errors">What the machine finds wrong: a name that is not the certificate's is wrong whoever issued it.</param>
    public bool Takes(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None)
        {
            return true;
        }

        if (errors is not SslPolicyErrors.RemoteCertificateChainErrors || authorities.Count == 0 || certificate is not X509Certificate2 shown)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.DisableCertificateDownloads = true;
        own.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        own.ChainPolicy.ExtraStore.AddRange(chain?.ChainPolicy.ExtraStore ?? []);
        return own.Build(shown);
    }
}
