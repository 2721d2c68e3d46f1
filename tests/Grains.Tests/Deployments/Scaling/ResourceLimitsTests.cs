using OrleansAiFleet.Deployments;

namespace OrleansAiFleet.Grains.Tests.Deployments.Scaling;

public sealed class ResourceLimitsTests
{
    [Theory]
    [InlineData(null, null, null, int.MaxValue)]
    [InlineData(8.0, null, null, 4)]
    [InlineData(7.9, null, null, 3)]
    [InlineData(null, 10.0, null, 2)]
    [InlineData(null, null, 9, 3)]
    [InlineData(8.0, 10.0, 9, 2)]
    [InlineData(0.5, null, null, 1)]
    public void As_many_instances_as_keep_to_all_of_them_and_at_least_one(double? gpuGb, double? ramGb, int? cores, int expected)
    {
        var limits = new ResourceLimits { GpuMemoryGb = (decimal?)gpuGb, RamGb = (decimal?)ramGb, CpuCores = cores };

        Assert.Equal(expected, limits.MostInstances(new() { GpuMemoryGb = 2, RamGb = 4, Cores = 3 }));
        Assert.Equal(int.MaxValue, limits.MostInstances(new()));
    }
}
