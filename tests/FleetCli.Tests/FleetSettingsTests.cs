namespace OrleansAiFleet.FleetCli.Tests;

public sealed class FleetSettingsTests
{
    [Fact]
    public void Without_an_environment_the_documented_ports_apply()
    {
        var settings = FleetSettings.From(_ => null);

        Assert.Equal(8080, settings.ApiPort);
        Assert.Equal(8081, settings.WebPort);
        Assert.EndsWith("/.fleet", settings.Home, StringComparison.Ordinal);
        Assert.Null(settings.ConnectionString);
    }

    [Fact]
    public void Every_port_can_be_moved_so_that_two_fleets_run_beside_each_other()
    {
        var settings = FleetSettings.From(name => name.EndsWith("_PORT", StringComparison.Ordinal) ? "20000" : null);

        Assert.Equal(
            [20000, 20000, 20000, 20000, 20000, 20000],
            [settings.ApiPort, settings.WebPort, settings.WorkerPort, settings.DatabasePort, settings.SiloPort, settings.GatewayPort]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("http")]
    public void A_port_that_is_none_is_refused_by_its_name(string text)
    {
        var refusal = Assert.Throws<FleetCliException>(() => FleetSettings.From(name => name == "FLEET_API_PORT" ? text : null));

        Assert.Contains("FLEET_API_PORT", refusal.Message, StringComparison.Ordinal);
    }
}
