using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Cameras;

/// <summary>Reads what every camera should be doing, out of the cameras, active deployments, their rollouts and models. One on demand looks at none.</summary>
internal sealed partial class CameraPlanReader(
    IDbContextFactory<FleetContext> contexts, ILogger<CameraPlanReader> logger) : ICameraPlanReader
{
    public Task<IReadOnlyList<CameraPlan>> ReadWantedAsync(CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync(() => ReadAsync(cancellationToken));

    private async Task<IReadOnlyList<CameraPlan>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var cameras = await db.Cameras.AsNoTracking()
            .Where(camera => camera.Enabled)
            .OrderBy(camera => camera.Id)
            .ToListAsync(cancellationToken);
        var active = await db.Deployments.AsNoTracking()
            .Where(deployment => deployment.DeploymentStatus == DeploymentStatus.Active
                && deployment.DeploymentStrategy != DeploymentStrategy.OnDemand)
            .OrderBy(deployment => deployment.Id)
            .Join(
                db.Models, deployment => deployment.ModelId, model => model.Id, (deployment, model) => new { deployment, model })
            .ToListAsync(cancellationToken);
        var references = active
            .Select(pair => pair.model)
            .DistinctBy(model => model.Id)
            .ToDictionary(model => model.Id, ReferenceOf);
        var bySite = active.ToLookup(
            pair => pair.deployment.SiteId, pair => new ActiveDeployment(pair.deployment, references[pair.model.Id]));
        var networks = await db.Sites.AsNoTracking().Where(site => site.AllowedNetworks.Length > 0)
            .ToDictionaryAsync(site => site.Id, site => site.AllowedNetworks, cancellationToken);
        var open = await db.Rollouts.AsNoTracking().Where(rollout => !rollout.IsSettled).ToListAsync(cancellationToken);
        return CameraPlans.Combine(cameras, bySite, networks, new(open));
    }

    private ModelReference ReferenceOf(AiModel model) => ModelReference.Of(model, ConfigurationOf(model));

    // A row that cannot be read must not stop the other cameras: its own worker says what is wrong with it.
    private ModelConfiguration ConfigurationOf(AiModel model)
    {
        try
        {
            return model.Configuration?.To<ModelConfiguration>() ?? new();
        }
        catch (JsonException exception)
        {
            LogUnreadable(exception, model.Id);
            return new();
        }
    }

    [LoggerMessage(LogLevel.Error, "Model {Model}: its configuration cannot be read; register the version anew")]
    private partial void LogUnreadable(Exception exception, Guid model);
}
