using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansAiFleet.Benchmarks.Measurements;

namespace OrleansAiFleet.Benchmarks.Rollouts;

/// <summary>What deployments cost that do nothing.</summary>
internal sealed class IdleDeploymentsBenchmark : IBenchmark
{
    private const int Deployments = 10_000;
    private const int Rounds = 3;
    private const double PercentBound = 1;
    private const double KilobytesBound = 10;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    public string Name => "idle-deployments";

    public string Description =>
        "What 10 000 active deployments without a camera on 10 000 sites cost a control silo as it runs, with its grains and rows in one process, and "
        + "its PostgreSQL: CPU of both in percent of a core over 30 s, less that of the same fleet without a deployment, measured in turn "
        + "by pausing and resuming all of them at the database; and memory of the silo after a full collection, with every deployment's grain asked once, "
        + "less that without, by deployment. Each against its bound.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var fleet = await FleetOfSites.StartAsync(Deployments, 0, cancellationToken);
        await fleet.AddIdleDeploymentsAsync(cancellationToken);
        List<double> with = [], without = [];
        for (var round = 0; round < Rounds; round++)
        {
            await fleet.SetIdleDeploymentsAsync(active: false, cancellationToken);
            without.Add(await MeasureAsync(cancellationToken));
            await fleet.SetIdleDeploymentsAsync(active: true, cancellationToken);
            with.Add(await MeasureAsync(cancellationToken));
        }

        yield return new(
            string.Create(CultureInfo.InvariantCulture, $"{Deployments} idle deployments, CPU, against {PercentBound} % of a core"),
            new("beside none", "% of a core", [.. with.Zip(without, (busy, idle) => busy - idle)]),
            new("bound", "% of a core", [.. Enumerable.Repeat(PercentBound, Rounds)]),
            new(1));

        yield return new(
            string.Create(CultureInfo.InvariantCulture, $"{Deployments} idle deployments, CPU of silo and database, over that of none"),
            new("with them", "% of a core", with),
            new("without", "% of a core", without));

        var before = Collected();
        await fleet.AskIdleDeploymentsAsync(cancellationToken);
        var each = (Collected() - before) / 1024.0 / Deployments;
        yield return new(
            string.Create(CultureInfo.InvariantCulture, $"{Deployments} deployments' grains, memory each, against {KilobytesBound} KiB"),
            new("one", "KiB", [each]),
            new("bound", "KiB", [KilobytesBound]),
            new(1));
    }

    // What changed has been read again before the clock runs.
    private static async Task<double> MeasureAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
        var (begun, cpu) = (Stopwatch.GetTimestamp(), ProcessorTime());
        await Task.Delay(Span, cancellationToken);
        return 100 * (ProcessorTime() - cpu).TotalSeconds / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static TimeSpan ProcessorTime()
    {
        var database = Process.GetProcessesByName("postgres");
        try
        {
            using var silo = Process.GetCurrentProcess();
            return silo.TotalProcessorTime + database.Aggregate(TimeSpan.Zero, (sum, process) => sum + TimeOf(process));
        }
        finally
        {
            Array.ForEach(database, process => process.Dispose());
        }
    }

    private static TimeSpan TimeOf(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception gone) when (gone is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return TimeSpan.Zero;
        }
    }

    private static long Collected()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
