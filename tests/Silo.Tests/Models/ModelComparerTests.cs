using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Models;

namespace OrleansAiFleet.Silo.Tests.Models;

public sealed class ModelComparerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Differences_from_the_first_are_called_out_with_their_direction()
    {
        var comparison = Compare(
            Model("1", 20, ["helmet", "vest"], accuracy: 90),
            Model("2", 10, ["helmet", "boots"], accuracy: 80),
            Model("3", 20.1m, ["helmet", "vest"], accuracy: null));

        var speed = comparison.Measures.Single(measure => measure.Measure == "inference_time_ms");
        Assert.Equal([20, 10, 20.1m], speed.Values);
        ComparedDifference[] expected = [new(0, 0, "same"), new(-10, -50, "better"), new(0.1m, 0.5m, "same")];
        Assert.Equal(expected.AsEnumerable(), speed.Differences.OfType<ComparedDifference>());
        Assert.Equal(1, speed.Best);
        var accuracy = comparison.Measures.Single(measure => measure.Measure == "baseline_accuracy");
        Assert.Equal(("worse", null, 0), (accuracy.Differences[1]!.Verdict, accuracy.Differences[2], accuracy.Best));
        Assert.Equal(["boots"], comparison.Models[1].ClassesAdded);
        Assert.Equal(["vest"], comparison.Models[1].ClassesMissing);
        Assert.Contains("Helmets 2 is better than Helmets 1 in inference_time_ms (specification): 50 % lower, 20 to 10.", comparison.Summary);
        Assert.Contains(comparison.Summary, line => line.Contains("does not know 1 classes of Helmets 1: vest", StringComparison.Ordinal));
        Assert.DoesNotContain(comparison.Summary, line => line.StartsWith("Helmets 3", StringComparison.Ordinal));
    }

    [Fact]
    public void Live_figures_are_compared_where_both_have_them()
    {
        var (first, second) = (Model("1", 20, [], null), Model("2", 20, [], null));

        var comparison = ModelComparer.Compare(
            [
                new(first, null, new() { ModelId = first.Id, Windows = 3, LatencyP95Ms = 0, InferenceTimeAvgMs = 8 }),
                new(second, null, new() { ModelId = second.Id, Windows = 4, LatencyP95Ms = 5 }),
            ],
            Now.AddDays(-1), Now);

        var latency = comparison.Measures.Single(measure => measure is { Measure: "latency_p95_ms", Source: "live" });
        Assert.Equal(new ComparedDifference(5, null, "worse"), latency.Differences[1]);
        Assert.Null(comparison.Measures.Single(measure => measure is { Measure: "inference_time_avg_ms" }).Differences[1]);
        Assert.Equal([3, 4], comparison.Models.Select(model => model.Windows));
        Assert.Contains("Helmets 2 is worse than Helmets 1 in latency_p95_ms (live): 5 higher, 0 to 5.", comparison.Summary);
    }

    private static ModelComparison Compare(params AiModel[] models) =>
        ModelComparer.Compare([.. models.Select(model => new ModelFigures(model, null, null))], Now.AddDays(-1), Now);

    private static AiModel Model(string version, decimal milliseconds, string[] classes, decimal? accuracy) => new()
    {
        Id = Guid.NewGuid(), Name = "Helmets", Version = version, InferenceTimeMs = milliseconds, OutputClasses = classes, BaselineAccuracy = accuracy,
    };
}
