using System.Net;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace OrleansAiFleet.Hosting.Fleet;

/// <summary>Keeps plain HTTP on the loopback interface, unless somebody insists.</summary>
internal static class LoopbackGuard
{
    /// <summary>Said in every refusal.</summary>
    public const string Remedy =
        "Over plain HTTP passwords and keys would go over the network in the clear. Listen on https:// (the host has a certificate of the fleet's "
        + "own where none is configured) or on 127.0.0.1, or set Fleet:AllowNonLoopback=true inside a network of its own.";

    /// <summary>Checks what is configured, before anything starts, and again what Kestrel is about to bind.</summary>
    /// <exception cref="InvalidOperationException">Plain HTTP is configured on an address that others can reach.</exception>
    public static void Apply(WebApplicationBuilder builder)
    {
        if (Allows(builder.Configuration))
        {
            return;
        }

        if (FindExposed(builder.Configuration) is { } exposed)
        {
            throw new InvalidOperationException($"This host is told to listen on {exposed}. {Remedy}");
        }

        // Endpoints set in code never show in the configuration. Those that do and are HTTPS are known by their ports.
        var secure = Urls(builder.Configuration).Where(IsHttps).Select(url => BindingAddress.Parse(url).Port).ToHashSet();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen =>
        {
            if (listen.IPEndPoint is { } endpoint && !IPAddress.IsLoopback(endpoint.Address) && !secure.Contains(endpoint.Port))
            {
                throw new InvalidOperationException($"This host is about to listen on {endpoint}. {Remedy}");
            }
        }));
    }

    /// <summary>Whether the owner insists on plain HTTP and open silo ports that others can reach.</summary>
    public static bool Allows(IConfiguration configuration) =>
        configuration.GetSection(NetworkOptions.Section).Get<NetworkOptions>()?.AllowNonLoopback is true;

    /// <summary>The first configured address that is neither loopback nor HTTPS, or null.</summary>
    /// <remarks>The ports of <c>ASPNETCORE_HTTP_PORTS</c> never count: ASP.NET leaves them aside where URLs are set, and here they always are.</remarks>
    public static string? FindExposed(IConfiguration configuration) => Urls(configuration).FirstOrDefault(url => !IsHttps(url) && !IsLoopback(url));

    private static IEnumerable<string> Urls(IConfiguration configuration) =>
        (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""));

    private static bool IsHttps(string url) => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string url)
    {
        if (url.Length == 0)
        {
            return true;
        }

        var binding = BindingAddress.Parse(url);
        return binding.IsUnixPipe || LoopbackHost.Is(binding.Host);
    }
}
