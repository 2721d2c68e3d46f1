using OrleansAiFleet.Silo.Inference;

namespace OrleansAiFleet.Silo.Tests.Inference;

public sealed class WorkerOrderTests
{
    [Fact]
    public void Shortest_queue_of_those_that_have_the_model_is_first_and_who_does_not_answer_last() => Assert.Equal(
        ["idle", "short", "long", "cold", "cooler", "silent"],
        WorkerOrder.Of([("silent", (int?)null), ("long", 9), ("cold", -1), ("idle", 0), ("cooler", -1), ("short", 2)]));

    [Fact]
    public void Nobody_is_nobody() => Assert.Empty(WorkerOrder.Of(Array.Empty<(string, int?)>()));
}
