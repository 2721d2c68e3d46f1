using System.Runtime.CompilerServices;

using OrleansAiFleet.Benchmarks.Measurements;

namespace OrleansAiFleet.Benchmarks.Cluster;

/// <summary>Benchmark 2: what the cluster adds to a frame's way at half load.</summary>
public sealed class LatencyBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const int Times = 2;

    public string Name => "latency";

    public string Description =>
        "Milliseconds from a frame's arrival to its tracked objects, at half of the rate that the bare loop can take, in real time: the "
        + "cluster (measured by its own window totals, within 1 %) beside the bare loop, on the same clip. Each row gives the time "
        + "added as ours, and the bound as reference: a ratio of 1 is the bound itself.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-bench-clip-").FullName;
        var probe = await BenchClip.MakeAsync(folder, Times, framesPerSecond: 15, cancellationToken);
        await using (var fleet = await BenchFleet.StartAsync(cancellationToken))
        {
            using var bare = new BareLoop(BenchFleet.Model, batch: 1);
            await bare.RunAsync(probe, realTime: false, cancellationToken);
            var most = await bare.RunAsync(probe, realTime: false, cancellationToken);
            var half = (int)(most.Frames / most.Elapsed.TotalSeconds / 2);
            var clip = await BenchClip.MakeAsync(folder, Times, half, cancellationToken);
            await fleet.PlayAsync(clip, Times * BenchClip.SampleFrames, realTime: true, cancellationToken);

            List<double> p50 = [], p95 = [], bareP50 = [], bareP95 = [];
            for (var round = 0; round < Rounds; round++)
            {
                var cluster = await fleet.PlayAsync(clip, Times * BenchClip.SampleFrames, realTime: true, cancellationToken);
                var loop = await bare.RunAsync(clip, realTime: true, cancellationToken);
                var sorted = loop.Latencies.Order().ToArray();
                bareP50.Add(Quantile(sorted, 0.50));
                bareP95.Add(Quantile(sorted, 0.95));
                p50.Add(cluster.Latency.Quantile(0.50)!.Value);
                p95.Add(cluster.Latency.Quantile(0.95)!.Value);
            }

            yield return new($"p50 at {half} fps, cluster and bare loop", new("cluster", "ms", p50), new("bare loop", "ms", bareP50));
            yield return new($"p95 at {half} fps, cluster and bare loop", new("cluster", "ms", p95), new("bare loop", "ms", bareP95));
            yield return Added("p50 added, against 0.5 ms", p50, bareP50, 0.5);
            yield return Added("p95 added, against 2 ms", p95, bareP95, 2);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static BenchmarkRow Added(string name, List<double> ours, List<double> bare, double bound) => new(
        name,
        new("added", "ms", [.. ours.Zip(bare, (cluster, loop) => cluster - loop)]),
        new("bound", "ms", [.. Enumerable.Repeat(bound, ours.Count)]),
        new(1));

    private static double Quantile(double[] sorted, double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];
}
