using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>HTTPS with the fleet's own certificate, where nobody configured one.</summary>
internal static class HttpsCertificate
{
    public static void Apply(KestrelServerOptions kestrel, IConfiguration configuration)
    {
        if (IsConfigured(configuration))
        {
            return;
        }

        var services = kestrel.ApplicationServices;
        kestrel.ConfigureHttpsDefaults(https =>
            https.ServerCertificateSelector = (_, _) => services.GetRequiredService<HostCertificates>().Current);
    }

    // Kestrel prefers a selector to every certificate: there must be none where an owner chose one.
    private static bool IsConfigured(IConfiguration configuration)
    {
        var kestrel = configuration.GetSection("Kestrel");
        return kestrel.GetSection("Certificates:Default").Exists()
            || kestrel.GetSection("Endpoints").GetChildren()
                .Any(endpoint => endpoint.GetSection("Certificate").Exists() || endpoint.GetSection("Sni").Exists());
    }
}
