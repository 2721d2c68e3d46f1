using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Scaling;

/// <summary>
/// Reads what the scheduler decides about, out of active deployments, their models and rollouts. Those that it does not place, of which it
/// needs to know only what their models take, are read now and then: they are the many.
/// </summary>
internal sealed partial class ScaledDeploymentReader(
    IDbContextFactory<FleetContext> contexts, TimeProvider time, ILogger<ScaledDeploymentReader> logger)
{
    private static readonly TimeSpan OthersAge = TimeSpan.FromSeconds(10);

    private static readonly Expression<Func<Deployment, bool>> IsScaled =
        deployment => deployment.AutoScalingEnabled || deployment.DeploymentStrategy == DeploymentStrategy.OnDemand;

    private Others? _others;

    public async Task<IReadOnlyList<ScaledDeployment>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scaled = await db.Deployments.AsNoTracking()
            .Where(deployment => deployment.DeploymentStatus == DeploymentStatus.Active).Where(IsScaled)
            .OrderBy(deployment => deployment.Id)
            .Join(db.Models, deployment => deployment.ModelId, model => model.Id, (deployment, model) => new { deployment, model })
            .ToListAsync(cancellationToken);
        var open = await db.Rollouts.AsNoTracking().Where(rollout => !rollout.IsSettled)
            .Select(rollout => new { rollout.Id, rollout.StableDeploymentId }).ToListAsync(cancellationToken);
        var compared = open.SelectMany(rollout => (Guid[])[rollout.Id, rollout.StableDeploymentId]).ToHashSet();
        var others = await ReadOthersAsync(db, cancellationToken);
        var ids = scaled.Select(pair => pair.deployment.Id).ToHashSet();
        return
        [
            .. scaled.Select(pair => Limited(pair.deployment, Of(pair.deployment, pair.model)) with
            {
                Model = ReferenceOf(pair.model, pair.deployment),
                IsInRollout = compared.Contains(pair.deployment.Id),
            }),
            .. others.Where(deployment => !ids.Contains(deployment.Id)),
        ];
    }

    private async Task<IReadOnlyList<ScaledDeployment>> ReadOthersAsync(FleetContext db, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        if (Volatile.Read(ref _others) is { } known && time.GetElapsedTime(known.At, now) < OthersAge)
        {
            return known.Deployments;
        }

        var read = await db.Deployments.AsNoTracking()
            .Where(deployment => deployment.DeploymentStatus == DeploymentStatus.Active
                && !deployment.AutoScalingEnabled && deployment.DeploymentStrategy != DeploymentStrategy.OnDemand)
            .OrderBy(deployment => deployment.Id)
            .Join(
                db.Models,
                deployment => deployment.ModelId,
                model => model.Id,
                (deployment, model) => new ScaledDeployment
                {
                    Id = deployment.Id,
                    Name = deployment.DeploymentName,
                    ModelId = model.Id,
                    Need = NeedOf(
                        deployment.AllocatedGpuMemoryGb ?? model.MinGpuMemoryGb,
                        deployment.AllocatedRamGb ?? model.RamRequirementGb,
                        deployment.AllocatedCpuCores ?? model.CpuCoresRequired),
                })
            .ToListAsync(cancellationToken);
        Volatile.Write(ref _others, new(now, read));
        return read;
    }

    private static ScaledDeployment Of(Deployment deployment, AiModel model) => new()
    {
        Id = deployment.Id,
        Name = deployment.DeploymentName,
        ModelId = model.Id,
        Priority = deployment.PriorityLevel,
        IsOnDemand = deployment.DeploymentStrategy == DeploymentStrategy.OnDemand,
        IsAutoscaled = deployment.AutoScalingEnabled,
        MinInstances = deployment.MinInstances,
        MaxInstances = deployment.MaxInstances,
        ScaleUpThreshold = (double)deployment.ScaleUpThreshold,
        ScaleDownThreshold = (double)deployment.ScaleDownThreshold,
        Need = NeedOf(
            deployment.AllocatedGpuMemoryGb ?? model.MinGpuMemoryGb,
            deployment.AllocatedRamGb ?? model.RamRequirementGb,
            deployment.AllocatedCpuCores ?? model.CpuCoresRequired),
    };

    // A worker without an accelerator takes as much of its own memory, where nobody says how much.
    private static InstanceNeed NeedOf(decimal? gpuMemoryGb, decimal? ramGb, int? cores) =>
        new() { GpuMemoryGb = gpuMemoryGb ?? 0, RamGb = ramGb ?? gpuMemoryGb ?? 0, Cores = cores ?? 0 };

    private ScaledDeployment Limited(Deployment deployment, ScaledDeployment scaled)
    {
        try
        {
            var most = deployment.ResourceLimits?.To<ResourceLimits>()?.MostInstances(scaled.Need) ?? int.MaxValue;
            return scaled with { MinInstances = Math.Min(scaled.MinInstances, most), MaxInstances = Math.Min(scaled.MaxInstances, most) };
        }
        catch (JsonException exception)
        {
            LogLimitsUnreadable(exception, deployment.Id);
            return scaled;
        }
    }

    // With the deployment's own pipelines: workers hold what its cameras ask for. One that cannot be read is placed by nobody: its own
    // worker says what is wrong with it.
    private ModelReference? ReferenceOf(AiModel model, Deployment deployment)
    {
        try
        {
            return DeploymentPipeline.Of(model, deployment);
        }
        catch (JsonException exception)
        {
            LogUnreadable(exception, deployment.Id, model.Id);
            return null;
        }
    }

    /// <param name="At">When they were read.</param>
    /// <param name="Deployments">What was read.</param>
    private sealed record Others(long At, IReadOnlyList<ScaledDeployment> Deployments);

    [LoggerMessage(LogLevel.Debug, "Deployment {Deployment}: its resource_limits cannot be read and do not count")]
    private partial void LogLimitsUnreadable(Exception exception, Guid deployment);

    [LoggerMessage(LogLevel.Debug, "Deployment {Deployment}: it or its model {Model} has a setting that cannot be read; nobody is told to hold it")]
    private partial void LogUnreadable(Exception exception, Guid deployment, Guid model);
}
