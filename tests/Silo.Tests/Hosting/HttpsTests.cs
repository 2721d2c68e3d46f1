using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Tests.Hosting;

/// <summary>HTTPS without a certificate of the owner's.</summary>
public sealed class HttpsTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public async Task Host_shows_a_certificate_that_who_trusts_the_fleet_trusts()
    {
        await using var app = await StartAsync([]);
        using var authority = new FleetAuthority(Key);
        using var trusting = Client(app, authority.Certificate);
        using var stranger = new HttpClient { BaseAddress = new(app.Urls.First()) };

        Assert.Equal("secure", await trusting.GetStringAsync(new Uri("/", UriKind.Relative)));
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync(new Uri("/", UriKind.Relative)));
    }

    [Fact]
    public async Task Configured_certificate_counts()
    {
        using var own = new FleetAuthority([.. Key.Reverse()]);
        using var certificate = own.Issue(["127.0.0.1"], TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12, "secret"));
        await using var app = await StartAsync(new() { ["Kestrel:Certificates:Default:Path"] = file, ["Kestrel:Certificates:Default:Password"] = "secret" });
        using var trusting = Client(app, own.Certificate);

        Assert.Equal("secure", await trusting.GetStringAsync(new Uri("/", UriKind.Relative)));
        File.Delete(file);
    }

    private static HttpClient Client(WebApplication app, X509Certificate2 trusted)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { trusted },
        };
        return new(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } })
        {
            BaseAddress = new(app.Urls.First()),
        };
    }

    private static async Task<WebApplication> StartAsync(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "https://127.0.0.1:0",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.Configure<MasterKeyOptions>(options => options.Value = Convert.ToBase64String(Key));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<HostCertificates>();
        builder.WebHost.ConfigureKestrel(kestrel => HttpsCertificate.Apply(kestrel, builder.Configuration));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.Request.IsHttps ? "secure" : "open"));
        await app.StartAsync();
        return app;
    }
}
