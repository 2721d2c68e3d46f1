using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Storage.Tests.Access;

/// <summary>Certificates that hosts of one fleet issue for themselves.</summary>
public sealed class FleetAuthorityTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void Hosts_with_one_master_key_trust_each_other()
    {
        using var here = new FleetAuthority(Key);
        using var there = new FleetAuthority([.. Key]);

        Assert.Equal(here.Certificate.Subject, there.Certificate.Subject);
        Assert.Equal(here.Certificate.GetPublicKeyString(), there.Certificate.GetPublicKeyString());
        Assert.Empty(Verify(there.Issue(["localhost"], Now, TimeSpan.FromDays(90)), here, Now));
    }

    [Fact]
    public void Key_is_the_same_at_every_start_and_in_every_version()
    {
        using var authority = new FleetAuthority(Key);

        Assert.Equal("CN=OrleansAiFleet 7cdf4bb6c9aef05c", authority.Certificate.Subject);
    }

    [Fact]
    public void Another_fleet_is_not_trusted_whatever_it_calls_itself()
    {
        using var here = new FleetAuthority(Key);
        using var stranger = new FleetAuthority(RandomNumberGenerator.GetBytes(32));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = new CertificateRequest(here.Certificate.SubjectName, key, HashAlgorithmName.SHA256);
        forged.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        using var namesake = forged.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));

        Assert.NotEmpty(Verify(stranger.Issue(["localhost"], Now, TimeSpan.FromDays(90)), here, Now));
        Assert.NotEmpty(Verify(namesake, here, Now));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(0, true)]
    [InlineData(89, true)]
    [InlineData(91, false)]
    public void Certificate_is_good_for_its_time(int days, bool good)
    {
        using var authority = new FleetAuthority(Key);

        Assert.Equal(good, Verify(authority.Issue(["localhost"], Now, TimeSpan.FromDays(90)), authority, Now.AddDays(days)).Length == 0);
    }

    [Fact]
    public void Certificate_has_the_names_and_issues_no_other()
    {
        using var authority = new FleetAuthority(Key);
        using var certificate = authority.Issue(["fleet.example", "10.0.0.7", "::1"], Now, TimeSpan.FromDays(90));

        Assert.True(certificate.HasPrivateKey);
        Assert.True(certificate.MatchesHostname("fleet.example"));
        Assert.True(certificate.MatchesHostname("10.0.0.7"));
        Assert.False(certificate.MatchesHostname("elsewhere.example"));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    [Fact]
    public void Every_master_key_gives_a_key_of_the_curve()
    {
        for (var i = 0; i < 64; i++)
        {
            using var authority = new FleetAuthority(RandomNumberGenerator.GetBytes(32));
            Assert.Empty(Verify(authority.Issue(["localhost"], Now, TimeSpan.FromDays(90)), authority, Now));
        }
    }

    private static X509ChainStatusFlags[] Verify(X509Certificate2 certificate, FleetAuthority trusted, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(trusted.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(certificate) ? [] : [.. chain.ChainStatus.Select(status => status.Status)];
    }
}
