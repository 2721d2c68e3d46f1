using OrleansAiFleet.Silo.Tests.Access.Attacks;

using Xunit.Abstractions;

namespace OrleansAiFleet.Silo.Tests.Access;

/// <summary>Everything that somebody would try first.</summary>
[Collection(ControlSiloTests.Name)]
public sealed class AttackTests(ControlSilo silo, ITestOutputHelper output)
{
    [Fact]
    public async Task No_attack_gets_through()
    {
        var log = new AttackLog();
        await new TokenAttacks(silo, log).RunAsync();
        await new SignatureAttacks(silo, log).RunAsync();
        await new SiteAttacks(silo, log).RunAsync();
        await new RequestAttacks(silo, log).RunAsync();

        Told(log);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_locked_out()
    {
        var silo = new ControlSilo { HasUsualLimits = true };
        await silo.InitializeAsync();
        try
        {
            var log = new AttackLog();
            await new BruteForce(silo, log).RunAsync();

            Told(log);
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    private void Told(AttackLog log)
    {
        foreach (var line in log.Lines())
        {
            output.WriteLine($"count: {line}");
        }

        Assert.True(log.Through.Count == 0, string.Join('\n', log.Through));
    }
}
