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
    IDbContextFactory<FleetContext> contexts, CameraPlanMark mark, ILogger<CameraPlanReader> logger) : ICameraPlanReader
{
    private Made? _last;

    public async Task<IReadOnlyList<CameraPlan>> ReadWantedAsync(CancellationToken cancellationToken)
    {
        var now = await mark.ReadAsync(cancellationToken);
        if (Volatile.Read(ref _last) is { } last && last.Mark == now)
        {
            return last.Plans;
        }

        var plans = await DatabaseOutage.GuardAsync(() => ReadAsync(cancellationToken));
        Volatile.Write(ref _last, new(now, plans));
        return plans;
    }

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
            pair => pair.deployment.SiteId,
            pair => new ActiveDeployment(pair.deployment, WithPipeline(references[pair.model.Id], pair.deployment)));
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

    private ModelReference WithPipeline(ModelReference model, Deployment deployment)
    {
        try
        {
            var configuration = DeploymentPipeline.Over(model.Configuration, deployment);
            return ReferenceEquals(configuration, model.Configuration) ? model : model with { Configuration = configuration };
        }
        catch (JsonException exception)
        {
            LogPipelineUnreadable(exception, deployment.Id);
            return model;
        }
    }

    /// <param name="Mark">As the rows were at least then.</param>
    /// <param name="Plans">What was made of them.</param>
    private sealed record Made(string Mark, IReadOnlyList<CameraPlan> Plans);

    [LoggerMessage(LogLevel.Error, "Deployment {Deployment}: its pipelines cannot be read and its model's own are used; change them")]
    private partial void LogPipelineUnreadable(Exception exception, Guid deployment);

    [LoggerMessage(LogLevel.Error, "Model {Model}: its configuration cannot be read; register the version anew")]
    private partial void LogUnreadable(Exception exception, Guid model);
}
