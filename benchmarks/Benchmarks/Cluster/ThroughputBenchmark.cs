using System.Runtime.CompilerServices;

using OrleansAiFleet.Benchmarks.Measurements;

namespace OrleansAiFleet.Benchmarks.Cluster;

/// <summary>Benchmark 1: the whole cluster path over a bare loop.</summary>
public sealed class ThroughputBenchmark : IBenchmark
{
    private const int Rounds = 5;
    private const int Times = 3;

    public string Name => "throughput";

    public string Description =>
        "Frames a second of the whole cluster path (decode, batch, infer, decode output, track, detections and windows committed in "
        + "PostgreSQL) over a bare loop (same ffmpeg decode, session, kernels, decoder and tracker in one process, no Orleans, nothing "
        + "stored): the sample model on the sample clip three times in a row, every frame, as fast as it goes. The cluster's time "
        + "runs from the first frame's arrival to the commit of the last result.";

    public async IAsyncEnumerable<BenchmarkRow> Run([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-bench-clip-").FullName;
        var clip = await BenchClip.MakeAsync(folder, Times, framesPerSecond: 15, cancellationToken);
        await using (var fleet = await BenchFleet.StartAsync(cancellationToken))
        {
            // The first run of each side pays for loading and compiling.
            await fleet.PlayAsync(clip, Times * BenchClip.SampleFrames, realTime: false, cancellationToken);
            var batch = await fleet.ReadMaxBatchAsync(cancellationToken);
            using var bare = new BareLoop(BenchFleet.Model, batch);
            await bare.RunAsync(clip, realTime: false, cancellationToken);

            List<double> ours = [], reference = [];
            for (var round = 0; round < Rounds; round++)
            {
                var cluster = await fleet.PlayAsync(clip, Times * BenchClip.SampleFrames, realTime: false, cancellationToken);
                ours.Add(cluster.Frames / cluster.Elapsed.TotalSeconds);
                var loop = await bare.RunAsync(clip, realTime: false, cancellationToken);
                reference.Add(loop.Frames / loop.Elapsed.TotalSeconds);
            }

            yield return new(
                $"cluster over bare loop, batch {batch}",
                new("cluster", "fps", ours),
                new("bare loop", "fps", reference),
                new(0.90, BoundKind.AtLeast));
        }

        Directory.Delete(folder, recursive: true);
    }
}
