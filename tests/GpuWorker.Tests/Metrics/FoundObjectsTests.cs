using OrleansAiFleet.GpuWorker.Metrics;
using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.GpuWorker.Tests.Metrics;

public sealed class FoundObjectsTests
{
    private static readonly Guid Deployment = Guid.NewGuid();

    [Fact]
    public void Detections_go_where_the_routes_take_them_in_their_order()
    {
        var seen = LedgerBench.Objects(3);
        seen[1] = seen[1] with { ClassName = "helmet" };

        var found = FoundObjects.Of(seen, [new() { Name = "all" }, new() { Name = "helmets", Classes = ["helmet"] }]);

        Assert.Equal(
            [new(seen[0].Id, "all"), new(seen[1].Id, "all"), new(seen[2].Id, "all"), new OutgoingDetection(seen[1].Id, "helmets")], found.Outgoing);
        Assert.Empty(FoundObjects.Of(seen, []).Outgoing);
        Assert.Empty(FoundObjects.Of([], [new() { Name = "all" }]).Outgoing);
    }

    [Fact]
    public async Task What_is_sent_leaves_the_ledger_with_the_detections_and_once()
    {
        using var bench = new LedgerBench();
        var found = FoundObjects.Of(LedgerBench.Objects(2), [new() { Name = "all" }]);

        await bench.Ledger.InferredAsync(Deployment, LedgerBench.Noon, new(), 1, found, default);
        await bench.FlushAsync();
        await bench.InferAsync(Deployment, LedgerBench.Noon, 1);
        await bench.FlushAsync();

        Assert.Equal(found.Outgoing, bench.Written.First().Outgoing);
        Assert.Equal(2, bench.Written.Count);
        Assert.Empty(bench.Written.Last().Outgoing);
    }
}
