using OrleansAiFleet.Inference;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Tests.Metrics;

public sealed class WindowLifeTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly Guid Deployment = Guid.NewGuid();

    [Fact]
    public async Task Late_frame_of_a_forgotten_window_is_another_reporters_and_takes_nothing_away()
    {
        using var bench = new LedgerBench();
        bench.Ledger.Decoded(Deployment, LedgerBench.Noon);
        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 5);
        await PassAsync(bench, WindowKey.Length + TimeSpan.FromMinutes(2));
        Assert.Equal(0, OpenWindows(bench));

        bench.Ledger.Decoded(Deployment, LedgerBench.Noon);
        await bench.InferAsync(Deployment, LedgerBench.Noon, objects: 1);
        await bench.FlushAsync();

        var reporters = bench.Reports.GroupBy(report => report.Reporter).ToList();
        Assert.Equal(2, reporters.Count);
        Assert.Equal(6, reporters.Sum(reporter => reporter.Last().Totals.Detections));
    }

    [Fact]
    public async Task Window_with_frames_in_flight_stays_until_they_are_booked()
    {
        using var bench = new LedgerBench();
        bench.Ledger.Decoded(Deployment, LedgerBench.Noon);
        await PassAsync(bench, TimeSpan.FromMinutes(20));

        bench.Ledger.Skipped(Deployment, LedgerBench.Noon, SkipReason.Stopped);
        await bench.FlushAsync();

        var last = bench.Reports.Last();
        Assert.Equal(bench.Ledger.Reporter, last.Reporter);
        Assert.Equal((1, 1), (last.Totals.FramesDecoded, last.Totals.FramesSkipped[(int)SkipReason.Stopped]));
    }

    [Fact]
    public async Task Window_of_a_camera_whose_clock_runs_ahead_is_forgotten_when_it_rests()
    {
        using var bench = new LedgerBench();
        bench.Ledger.Decoded(Deployment, LedgerBench.Noon.AddYears(10));
        await bench.InferAsync(Deployment, LedgerBench.Noon.AddYears(10), objects: 1);

        await PassAsync(bench, TimeSpan.FromMinutes(10));

        Assert.Equal(0, OpenWindows(bench));
    }

    [Fact]
    public void Frames_in_flight_stand_in_the_file_at_every_moment()
    {
        using var bench = new LedgerBench();
        for (var i = 0; i < 10; i++)
        {
            bench.Ledger.Decoded(Deployment, LedgerBench.Noon);
        }

        bench.Ledger.Skipped(Deployment, LedgerBench.Noon, SkipReason.Superseded);

        var window = Assert.Single(InFlightWindow.ReadAll(bench.Folder.Path));
        Assert.Equal((Deployment, LedgerBench.Noon), (window.Window.DeploymentId, window.Window.Start));
        Assert.Equal((10, 1, bench.Ledger.Reporter), (window.Decoded, window.Completed, window.Reporter));
    }

    [Fact]
    public async Task Sample_goes_to_the_window_of_now_of_deployments_at_work()
    {
        using var bench = new LedgerBench();
        var resting = Guid.NewGuid();
        bench.Ledger.Decoded(resting, LedgerBench.Noon);
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        bench.Ledger.Decoded(Deployment, LedgerBench.Noon);
        bench.Ledger.Decoded(Deployment, bench.Time.GetUtcNow());

        bench.Ledger.Sample(new()
        {
            At = bench.Time.GetUtcNow(),
            CpuPercent = 40,
            MemoryBytes = 1000,
            DiskReadBytes = 7,
            DiskWriteBytes = 8,
        });
        await bench.FlushAsync();

        var sampled = Assert.Single(bench.Reports, report => report.Totals.MemoryBytes.Samples > 0);
        Assert.Equal(WindowKey.For(Deployment, bench.Time.GetUtcNow()), sampled.Window);
        Assert.Equal((40, 1000, null), (sampled.Totals.CpuPercent.Average, sampled.Totals.MemoryBytes.Highest, sampled.Totals.GpuPercent.Average));
        Assert.Equal((7, 8), (sampled.Totals.DiskReadBytes, sampled.Totals.DiskWriteBytes));
    }

    private static int OpenWindows(LedgerBench bench) => InFlightWindow.ReadAll(bench.Folder.Path).Count;

    private static async Task PassAsync(LedgerBench bench, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            bench.Time.Advance(Step);
            await bench.FlushAsync();
            bench.Ledger.DropOver();
        }
    }
}
