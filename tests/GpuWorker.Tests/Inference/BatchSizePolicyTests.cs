using OrleansAiFleet.GpuWorker.Inference;

namespace OrleansAiFleet.GpuWorker.Tests.Inference;

public sealed class BatchSizePolicyTests
{
    [Theory]
    [InlineData(1, 10, 20, 40, 80)] // no gain: the CPU
    [InlineData(8, 10, 12, 16, 20)] // still gaining
    [InlineData(4, 10, 12, 16, 31)] // 8 is better than 4 by less than 5 %
    [InlineData(2, 10, 12, 40, 90)]
    public void Smallest_batch_close_to_the_best_wins(int expected, double one, double two, double four, double eight)
    {
        BatchTiming[] timings = [new(1, one), new(2, two), new(4, four), new(8, eight)];

        Assert.Equal(expected, BatchSizePolicy.Choose(timings).BatchSize);
    }

    [Fact]
    public void Nothing_measured_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => BatchSizePolicy.Choose([]));

    [Theory]
    [InlineData(20, true)]
    [InlineData(28, true)]
    [InlineData(30, false)]
    public void Larger_sizes_are_tried_until_one_falls_far_behind(double two, bool expected) =>
        Assert.Equal(expected, BatchSizePolicy.IsWorthGoingOn([new(1, 10), new(2, two)]));
}
