using OrleansAiFleet.FleetCli.Processes;

namespace OrleansAiFleet.FleetCli.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void This_process_is_alive() => Assert.True(ProcessIdentity.Of(Environment.ProcessId).IsAlive());

    [Fact]
    public void Another_process_under_the_same_id_is_not_taken_for_it()
    {
        var now = ProcessIdentity.Of(Environment.ProcessId);

        Assert.False((now with { StartTicks = now.StartTicks - 1 }).IsAlive());
    }

    [Fact]
    public void A_process_that_never_was_is_not_alive() => Assert.False(ProcessIdentity.Of(int.MaxValue).IsAlive());
}
