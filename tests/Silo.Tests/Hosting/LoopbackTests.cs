using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Silo.Tests.Hosting;

public sealed class LoopbackTests
{
    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://fleet.example:5080")]
    [InlineData("http://127.0.0.1:5080;http://10.0.0.3:5080")]
    [InlineData("https://0.0.0.0:5443;http://0.0.0.0:5080")]
    public void Url_that_others_can_reach_is_refused_before_anything_starts(string urls)
    {
        var builder = Builder(("urls", urls));

        var refusal = Assert.Throws<InvalidOperationException>(() => LoopbackGuard.Apply(builder));

        Assert.Contains("Fleet:AllowNonLoopback", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoint_of_Kestrels_own_section_is_refused_alike() =>
        Assert.Throws<InvalidOperationException>(
            () => LoopbackGuard.Apply(Builder(("Kestrel:Endpoints:Web:Url", "http://0.0.0.0:5080"))));

    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://localhost:5080")]
    [InlineData("http://[::1]:5080")]
    [InlineData("http://127.8.0.1:0;http://localhost:5081")]
    [InlineData("http://unix:/run/fleet.sock")]
    [InlineData("https://0.0.0.0:5443;http://127.0.0.1:5080")]
    [InlineData("HTTPS://fleet.example:5443")]
    public void Loopback_and_https_are_fine(string urls) => Assert.Null(LoopbackGuard.FindExposed(Builder(("urls", urls)).Configuration));

    [Fact]
    public void Owner_who_insists_is_obeyed() =>
        LoopbackGuard.Apply(Builder(("urls", "http://0.0.0.0:5080"), ("Fleet:AllowNonLoopback", "true")));

    [Fact]
    public async Task Endpoint_set_in_code_is_refused_when_it_is_bound()
    {
        var builder = Builder();
        LoopbackGuard.Apply(builder);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAnyIP(0));

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var app = builder.Build();
            await app.StartAsync();
        });

        Assert.Contains("Fleet:AllowNonLoopback", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FleetRole.Silo)]
    [InlineData(FleetRole.Worker)]
    [InlineData(FleetRole.Console)]
    public void Default_address_is_loopback(FleetRole role)
    {
        var builder = Builder();
        FleetDefaults.AddTo(builder.Configuration, role);

        Assert.NotNull(builder.Configuration["urls"]);
        Assert.Null(LoopbackGuard.FindExposed(builder.Configuration));
    }

    [Fact]
    public void Default_gives_way_to_every_other_source()
    {
        var builder = Builder(("Fleet:Cluster:SiloPort", "12345"));
        FleetDefaults.AddTo(builder.Configuration, FleetRole.Worker);

        Assert.Equal("12345", builder.Configuration["Fleet:Cluster:SiloPort"]);
        Assert.Equal("0", builder.Configuration["Fleet:Cluster:GatewayPort"]);
    }

    [Fact]
    public void Missing_connection_string_is_said_in_a_sentence()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Builder().AddFleet(FleetRole.Silo));

        Assert.Contains("ConnectionStrings:Fleet", refusal.Message, StringComparison.Ordinal);
    }

    private static WebApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        return builder;
    }
}
