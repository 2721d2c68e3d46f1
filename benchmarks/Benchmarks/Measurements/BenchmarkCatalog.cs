using OrleansAiFleet.Benchmarks.Access;
using OrleansAiFleet.Benchmarks.Cluster;
using OrleansAiFleet.Benchmarks.Detections;
using OrleansAiFleet.Benchmarks.Inference;
using OrleansAiFleet.Benchmarks.Models;
using OrleansAiFleet.Benchmarks.Rollouts;

namespace OrleansAiFleet.Benchmarks.Measurements;

/// <summary>All benchmarks, in the order in which they run.</summary>
public static class BenchmarkCatalog
{
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new ThroughputBenchmark(),
        new LatencyBenchmark(),
        new PreprocessBenchmark(),
        new SpillBenchmark(),
        new BatchingBenchmark(),
        new CameraCostBenchmark(),
        new StoreBenchmark(),
        new AccessBenchmark(),
        new ModelUploadBenchmark(),
        new ModelLoadBenchmark(),
        new ModelListBenchmark(),
        new ModelSwapBenchmark(),
        new FleetRolloutBenchmark(),
        new IdleDeploymentsBenchmark(),
        new BreachBenchmark(),
    ];
}
