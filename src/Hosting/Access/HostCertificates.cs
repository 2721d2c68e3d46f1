using System.Net.NetworkInformation;
using System.Security.Cryptography.X509Certificates;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>This host's certificate, issued by itself in memory, and whose it trusts.</summary>
internal sealed class HostCertificates : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<FleetAuthority> _authorities;
    private readonly string[] _names;
    private X509Certificate2? _current;

    public HostCertificates(IOptions<MasterKeyOptions> keys, IOptions<NetworkOptions> network, TimeProvider time)
    {
        _time = time;
        _authorities = keys.Value.ReadAuthorities();
        _names =
        [
            .. new[] { FleetAuthority.HostName, "localhost", Environment.MachineName.ToLowerInvariant() }
                .Concat(Addresses()).Concat(network.Value.HostNames).Distinct(StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>The certificate to show now. One that is shown already stays good when there is a new one.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (_lock)
            {
                var now = _time.GetUtcNow();
                return _current is { } current && current.NotAfter.ToUniversalTime() - now.UtcDateTime > RenewBefore
                    ? current
                    : _current = _authorities[0].Issue(_names, now, Lifetime);
            }
        }
    }

    /// <summary>Certificate of the authority that issues <see cref="Current"/>.</summary>
    public X509Certificate2 Authority => _authorities[0].Certificate;

    /// <summary>Trusts what has the master key in use or one of before, and nothing else: not what the machine trusts.</summary>
    public X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTimeIgnored = false,
            VerificationTime = _time.GetUtcNow().UtcDateTime,
        };
        foreach (var authority in _authorities)
        {
            policy.CustomTrustStore.Add(authority.Certificate);
        }

        return policy;
    }

    public void Dispose()
    {
        _current?.Dispose();
        foreach (var authority in _authorities)
        {
            authority.Dispose();
        }
    }

    private static IEnumerable<string> Addresses() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus is OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Where(unicast => !unicast.Address.IsIPv6LinkLocal)
        .Select(unicast => unicast.Address.ToString())
        .Prepend("::1").Prepend("127.0.0.1");
}
