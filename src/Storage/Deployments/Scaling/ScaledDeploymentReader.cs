using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Deployments.Scaling;

/// <summary>Reads what the scheduler decides about, out of active deployments, their models and rollouts.</summary>
internal sealed partial class ScaledDeploymentReader(IDbContextFactory<FleetContext> contexts, ILogger<ScaledDeploymentReader> logger)
{
    public async Task<IReadOnlyList<ScaledDeployment>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var active = await db.Deployments.AsNoTracking()
            .Where(deployment => deployment.DeploymentStatus == DeploymentStatus.Active)
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
                    Priority = deployment.PriorityLevel,
                    IsOnDemand = deployment.DeploymentStrategy == DeploymentStrategy.OnDemand,
                    IsAutoscaled = deployment.AutoScalingEnabled,
                    MinInstances = deployment.MinInstances,
                    MaxInstances = deployment.MaxInstances,
                    ScaleUpThreshold = (double)deployment.ScaleUpThreshold,
                    ScaleDownThreshold = (double)deployment.ScaleDownThreshold,
                    Need = new()
                    {
                        GpuMemoryGb = deployment.AllocatedGpuMemoryGb ?? model.MinGpuMemoryGb ?? 0,
                        RamGb = deployment.AllocatedRamGb ?? model.RamRequirementGb ?? deployment.AllocatedGpuMemoryGb ?? model.MinGpuMemoryGb ?? 0,
                        Cores = deployment.AllocatedCpuCores ?? model.CpuCoresRequired ?? 0,
                    },
                })
            .ToListAsync(cancellationToken);
        var versions = active.Where(deployment => deployment.IsAutoscaled || deployment.IsOnDemand)
            .Select(deployment => deployment.ModelId).Distinct().ToArray();
        var models = versions.Length == 0 ? [] : await db.Models.AsNoTracking()
            .Where(model => versions.Contains(model.Id)).ToListAsync(cancellationToken);
        var open = await db.Rollouts.AsNoTracking().Where(rollout => !rollout.IsSettled)
            .Select(rollout => new { rollout.Id, rollout.StableDeploymentId }).ToListAsync(cancellationToken);
        var compared = open.SelectMany(rollout => (Guid[])[rollout.Id, rollout.StableDeploymentId]).ToHashSet();
        var references = models.ToDictionary(model => model.Id, ReferenceOf);
        return [.. active.Select(deployment => deployment with
        {
            Model = references.GetValueOrDefault(deployment.ModelId),
            IsInRollout = compared.Contains(deployment.Id),
        })];
    }

    // One that cannot be read is placed by nobody: its own worker says what is wrong with it.
    private ModelReference? ReferenceOf(AiModel model)
    {
        try
        {
            return ModelReference.Of(model);
        }
        catch (JsonException exception)
        {
            LogUnreadable(exception, model.Id);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Model {Model}: its configuration cannot be read, and nobody is told to hold it")]
    private partial void LogUnreadable(Exception exception, Guid model);
}
