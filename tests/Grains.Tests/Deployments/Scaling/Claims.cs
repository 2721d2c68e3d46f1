using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Grains.Tests.Deployments.Scaling;

/// <summary>Deployments, claims and workers that tests place.</summary>
internal static class Claims
{
    /// <summary>A worker of one digit.</summary>
    public static WorkerCapacity Worker(int number, decimal memory = 8, int cores = 4, bool gpu = true) =>
        new($"10.0.0.{number}:1@1", $"worker-{number}", gpu, memory, cores);

    /// <summary>A claim; where it is now by numbers of workers.</summary>
    public static InstanceClaim Claim(
        int number,
        int wanted = 1,
        decimal memory = 1,
        PriorityLevel priority = PriorityLevel.Medium,
        bool keepsOne = true,
        int? model = null,
        params int[] on) => new()
        {
            DeploymentId = Id(number),
            Name = $"deployment {number}",
            ModelId = Id(1000 + (model ?? number)),
            Priority = priority,
            Wanted = wanted,
            Need = new() { GpuMemoryGb = memory, RamGb = memory },
            Workers = [.. on.Select(worker => Worker(worker).Silo)],
            KeepsOne = keepsOne,
        };

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    /// <summary>A deployment of its own, scaled between the thresholds 30 and 80.</summary>
    public static ScaledDeployment Deployment(int min = 1, int max = 4, bool onDemand = false, bool autoscaled = true)
    {
        var model = Guid.NewGuid();
        return new()
        {
            Id = Guid.NewGuid(),
            Name = "gate",
            ModelId = model,
            IsOnDemand = onDemand,
            IsAutoscaled = autoscaled,
            MinInstances = min,
            MaxInstances = max,
            ScaleUpThreshold = 80,
            ScaleDownThreshold = 30,
            Model = new ModelReference { ModelId = model, DisplayName = "m 1", FilePath = "f", Configuration = new() },
        };
    }
}
