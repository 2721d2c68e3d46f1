using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Silo.Tests.Hosting;

/// <summary>Whose X-Forwarded-For is believed.</summary>
public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("", "203.0.113.9", "127.0.0.1 http")]
    [InlineData("10.0.0.0/24", "203.0.113.9", "127.0.0.1 http")]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9 https")]
    [InlineData("127.0.0.0/8", "203.0.113.9", "203.0.113.9 https")]
    [InlineData("127.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9 https")]
    [InlineData("127.0.0.1,10.0.0.0/24", "198.51.100.7, 203.0.113.9, 10.0.0.3", "203.0.113.9 https")]
    public async Task Only_named_proxies_are_believed(string trusted, string forwarded, string expected)
    {
        await using var app = await StartAsync(trusted);
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", string.Join(", ", forwarded.Split(", ").Select(_ => "https")));

        Assert.Equal(expected, await http.GetStringAsync(new Uri("/", UriKind.Relative)));
    }

    [Theory]
    [InlineData("Fleet:TrustedProxies:0", "proxy")]
    [InlineData("Fleet:TrustedProxies:0", "10.0.0.0/33")]
    [InlineData("FORWARDEDHEADERS_ENABLED", "true")]
    public void What_would_believe_everybody_or_nobody_is_refused(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build();

        Assert.Contains("Fleet:TrustedProxies", Assert.Throws<InvalidOperationException>(() => TrustedProxies.Check(configuration)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fleet.example", "max-age=31536000")]
    [InlineData("localhost", null)]
    [InlineData("127.0.0.1", null)]
    public async Task Https_is_promised_off_this_machine_only(string host, string? promise)
    {
        await using var app = await StartAsync("127.0.0.1");
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        http.DefaultRequestHeaders.Host = host;
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var answer = await http.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(promise, answer.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values.Single() : null);
    }

    private static async Task<WebApplication> StartAsync(string trusted)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            trusted.Split(',', StringSplitOptions.RemoveEmptyEntries).Select((proxy, i) => KeyValuePair.Create($"Fleet:TrustedProxies:{i}", (string?)proxy)));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseTrustedProxies();
        app.UseMiddleware<SecurityHeaders>();
        app.Run(context => context.Response.WriteAsync($"{context.Connection.RemoteIpAddress} {context.Request.Scheme}"));
        await app.StartAsync();
        return app;
    }
}
