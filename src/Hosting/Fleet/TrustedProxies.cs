using System.Net;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using IPNetwork = System.Net.IPNetwork;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Whose word counts for where a request comes from: limits and the audit trail go by it.</summary>
internal static class TrustedProxies
{
    private const string TrustEverybody = "FORWARDEDHEADERS_ENABLED";

    /// <summary>Checks what is configured, before anything starts.</summary>
    /// <exception cref="InvalidOperationException">A proxy is no network, or everybody would be believed.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (configuration.GetValue<bool>(TrustEverybody))
        {
            throw new InvalidOperationException(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes every caller's X-Forwarded-For. Name the proxies in Fleet:TrustedProxies instead.");
        }

        Read(configuration);
    }

    /// <summary>Takes address and scheme from the proxies' headers; does nothing where there is no proxy.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app)
    {
        var networks = Read(app.ApplicationServices.GetRequiredService<IConfiguration>());
        if (networks.Count == 0)
        {
            return;
        }

        // As many proxies in a row as are trusted; the first that is not ends it.
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }

    private static List<IPNetwork> Read(IConfiguration configuration) =>
        [.. (configuration.GetSection(NetworkOptions.Section).Get<NetworkOptions>()?.TrustedProxies ?? []).Select(Parse)];

    private static IPNetwork Parse(string proxy) =>
        IPNetwork.TryParse(proxy, out var network) ? network
        : IPAddress.TryParse(proxy, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : throw new InvalidOperationException(
            $"Fleet:TrustedProxies: '{proxy}' is no address and no network. Give 10.0.0.5 or 10.0.0.0/24.");
}
