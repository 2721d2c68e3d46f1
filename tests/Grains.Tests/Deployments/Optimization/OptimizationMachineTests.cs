using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Grains.Tests.Deployments.Optimization;

public sealed class OptimizationMachineTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private static readonly MeasuredWorld World = new();
    private static readonly PerformanceOptimization Begun = World.Search()[0];

    [Fact]
    public void Busy_worker_is_waited_for()
    {
        var busy = World.Measure(World.Current) with { Fault = TrialFault.Busy };

        Assert.Same(Begun, OptimizationMachine.Take(Begun, busy, Now));
    }

    [Theory]
    [InlineData(TrialFault.WorkerLost)]
    [InlineData(TrialFault.NoFrames)]
    public void What_may_pass_is_tried_again_and_given_up_at_the_fifth_time(TrialFault fault)
    {
        var row = Begun;
        for (var i = 1; i < 5; i++)
        {
            row = OptimizationMachine.Take(row, new() { Configuration = World.Current, Fault = fault, FaultReason = "it is dark" }, Now);
            Assert.Equal((OptimizationPhase.Searching, i, 0), (row.Progress.Phase, row.Standing.Setbacks, row.Standing.Measurements.Length));
        }

        row = OptimizationMachine.Take(row, new() { Configuration = World.Current, Fault = fault, FaultReason = "it is dark" }, Now);
        Assert.Equal((OptimizationPhase.Failed, true), (row.Progress.Phase, row.IsSettled));
        Assert.Contains("it is dark", row.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Setbacks_are_counted_in_a_row()
    {
        var once = OptimizationMachine.Take(Begun, new() { Configuration = World.Current, Fault = TrialFault.WorkerLost }, Now);

        Assert.Equal(0, OptimizationMachine.Take(once, World.Measure(World.Current), Now).Standing.Setbacks);
    }

    [Fact]
    public void Settings_of_now_that_cannot_be_measured_end_it()
    {
        var waited = World.Measure(World.Current) with { Fault = TrialFault.CamerasWaited, FaultReason = "Cameras go first." };

        var row = OptimizationMachine.Take(Begun, waited, Now);

        Assert.Equal(OptimizationPhase.Failed, row.Progress.Phase);
        Assert.Contains("Cameras go first.", row.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Measurements_of_another_worker_begin_anew()
    {
        var first = OptimizationMachine.Take(Begun, World.Measure(World.Current), Now);
        var other = World.Measure(World.Current with { BatchSize = 4 }) with { Worker = "another" };

        var row = OptimizationMachine.Take(first, other, Now);

        Assert.Equal([other], row.Standing.Measurements);
        Assert.Equal(World.Current, OptimizationSearch.Next(row));
    }

    [Fact]
    public void Only_a_search_that_goes_on_is_cancelled()
    {
        var by = Guid.NewGuid();

        var cancelled = OptimizationMachine.Cancel(Begun, by, Now);

        Assert.Equal((OptimizationPhase.Cancelled, by, true), (cancelled.Progress.Phase, cancelled.Progress.EndedBy, cancelled.IsSettled));
        Assert.Equal(RefusalKind.Conflict, Assert.Throws<FleetRefusedException>(() => OptimizationMachine.Cancel(cancelled, by, Now)).Kind);
    }
}
