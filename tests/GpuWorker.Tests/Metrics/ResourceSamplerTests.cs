using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansAiFleet.GpuWorker.Metrics;

namespace OrleansAiFleet.GpuWorker.Tests.Metrics;

public sealed class ResourceSamplerTests
{
    // Made up, with a name of the kind that breaks a split at blanks.
    private const string Stat =
        "4242 (ff) mpeg (x) S 1 4242 4242 0 -1 4194304 500 0 3 0 250 150 0 0 20 0 9 0 123456 250000000 2000 184467 1 1 0";

    private const string Io = "rchar: 900\nwchar: 800\nsyscr: 1\nsyscw: 1\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 1\n";

    [Fact]
    public void Use_of_a_process_is_read_from_its_files()
    {
        var usage = ProcessUsage.Parse(Stat, Io);

        Assert.Equal(
            new ProcessUsage(123456, TimeSpan.FromSeconds(4), 2000L * Environment.SystemPageSize, 4096, 8192), usage);
    }

    [Fact]
    public void Files_that_cannot_be_understood_give_nothing()
    {
        Assert.Null(ProcessUsage.Parse("4242 (ffmpeg) S 1", Io));
        Assert.Equal(0, ProcessUsage.Parse(Stat, "")!.Value.ReadBytes);
        Assert.Null(ProcessUsage.Read(int.MaxValue));
    }

    [Fact]
    public async Task What_a_child_uses_counts_as_the_workers()
    {
        using var bench = new LedgerBench();
        var children = new ChildProcesses();
        using var sampler = new ResourceSampler(bench.Ledger, children, TimeProvider.System, NullLogger<ResourceSampler>.Instance);
        var first = sampler.Sample();
        using var child = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "while :; do :; done"]))!;
        children.Add(child.Id);

        // Busy for as long as it takes to see a tenth of a second of CPU time, whatever else the machine does.
        await Poll.UntilAsync(
            () => ProcessUsage.Read(child.Id)?.Cpu >= TimeSpan.FromSeconds(0.1), () => $"{ProcessUsage.Read(child.Id)}");
        var second = sampler.Sample();
        child.Kill();
        await child.WaitForExitAsync();
        children.Remove(child.Id);

        Assert.Null(first.CpuPercent);
        Assert.InRange(second.CpuPercent!.Value, 0.01, 100);
        Assert.True(second.MemoryBytes > 10_000_000, $"{second.MemoryBytes} bytes");
        Assert.Same(second, sampler.Last);
    }

    [Fact]
    public async Task Sampler_books_into_the_windows_of_deployments_at_work()
    {
        using var bench = new LedgerBench();
        using var sampler = new ResourceSampler(bench.Ledger, new(), bench.Time, NullLogger<ResourceSampler>.Instance);
        bench.Ledger.Decoded(Guid.NewGuid(), LedgerBench.Noon);

        await sampler.StartAsync(CancellationToken.None);
        await Poll.UntilAsync(() => sampler.Last is not null, () => "no sample");
        await sampler.StopAsync(CancellationToken.None);
        await bench.FlushAsync();

        Assert.Equal(1, Assert.Single(bench.Reports).Totals.MemoryBytes.Samples);
    }
}
