using OrleansAiFleet.FleetCli.Commands;

namespace OrleansAiFleet.FleetCli.Tests.Commands;

public sealed class RunOptionsTests
{
    [Fact]
    public void Without_options_one_worker_runs_the_samples() => Assert.Equal(new RunOptions(1, true), RunOptions.Parse([]));

    [Fact]
    public void Workers_and_samples_are_read() =>
        Assert.Equal(new RunOptions(3, false), RunOptions.Parse(["--workers", "3", "--no-samples"]));

    [Theory]
    [InlineData("--workers", "0")]
    [InlineData("--workers", "17")]
    [InlineData("--workers", "many")]
    [InlineData("--wrokers", "3")]
    [InlineData("--no-samples", "--workers")]
    public void Anything_else_is_refused(params string[] arguments) =>
        Assert.Throws<FleetCliException>(() => RunOptions.Parse(arguments));
}
