using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using Orleans.Concurrency;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Fleet;

/// <summary>Asks workers and the camera supervisor how they do, all at once, and has a policy judge it. Holds nothing.</summary>
[GrainType("system-health"), StatelessWorker]
internal sealed partial class SystemHealthGrain(
    IClusterMembershipService membership,
    WorkerDirectory directory,
    IInferenceServiceClient inference,
    IDeploymentFactsReader facts,
    MaintenanceWatch maintenance,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<SystemHealthGrain> logger) : Grain, ISystemHealthGrain
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    // Windows are of five minutes and written some seconds after their end.
    private static readonly TimeSpan WindowAge = TimeSpan.FromMinutes(11);

    public async Task<SystemHealth> Check(Guid[]? sites = null, CancellationToken cancellationToken = default)
    {
        var workers = directory.Workers;
        var silos = Silos([.. workers]);
        var names = silos.ToDictionary(silo => silo.Silo, silo => silo.Name);
        var cameras = Ask(GrainFactory.GetGrain<ICameraSupervisorGrain>(0).GetStatuses(), "supervisor", cancellationToken);
        var answers = await Task.WhenAll(workers.Select(async worker => (
            Name: names.GetValueOrDefault(worker.ToParsableString()) ?? worker.ToParsableString(),
            Status: await Ask(inference.On(worker).GetStatus(cancellationToken), worker.ToParsableString(), cancellationToken))));
        var statuses = await cameras;

        var modes = await ReadMaintenance(cancellationToken);
        var findings = new HealthFindings(
            silos,
            [.. answers.Select(answer => answer.Status).OfType<WorkerStatus>()],
            [.. answers.Where(answer => answer.Status is null).Select(answer => answer.Name)],
            [.. (statuses ?? []).Where(camera => sites is null || sites.Contains(camera.SiteId))],
            SupervisorAnswers: statuses is not null,
            [.. modes.Values.Where(mode => sites is null || mode.Id == MaintenanceMode.WholeFleet || sites.Contains(mode.Id))]);
        var verdict = HealthPolicy.Judge(findings);
        return new()
        {
            Status = verdict.Level,
            Reasons = [.. verdict.Reasons],
            Silos = sites is null ? [.. findings.Silos] : [],
            Workers = sites is null ? [.. findings.Workers] : [],
            Cameras = [.. findings.Cameras],
            CheckedAt = time.GetUtcNow(),
            Maintenance = [.. findings.Maintenance],
        };
    }

    public async Task<SiteHealth> CheckSite(Guid siteId, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var found = await facts.ReadFactsAsync(siteId, null, now - WindowAge, cancellationToken);
        var (cameras, mode) = await FindOut(siteId, cancellationToken);
        return DeploymentHealthPolicy.Judge(siteId, found.Select(each => DeploymentHealthPolicy.Judge(each, cameras, mode, now)), mode, now);
    }

    public async Task<DeploymentHealth?> CheckDeployment(Guid deploymentId, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        if (await facts.ReadFactsAsync(null, deploymentId, now - WindowAge, cancellationToken) is not [var found, ..])
        {
            return null;
        }

        var (cameras, mode) = await FindOut(found.Deployment.SiteId, cancellationToken);
        return DeploymentHealthPolicy.Judge(found, cameras, mode, now);
    }

    private async Task<(CameraStatus[] Cameras, MaintenanceMode? Mode)> FindOut(Guid siteId, CancellationToken cancellationToken)
    {
        var cameras = await Ask(GrainFactory.GetGrain<ICameraSupervisorGrain>(0).GetStatusesOf(siteId), "supervisor", cancellationToken)
            ?? throw new FleetRefusedException(RefusalKind.Unavailable, null, "The camera supervisor does not answer: try again in a moment.");
        return (cameras, await maintenance.FindAsync(siteId, cancellationToken));
    }

    // The health of silos can be told without a database.
    private async Task<IReadOnlyDictionary<Guid, MaintenanceMode>> ReadMaintenance(CancellationToken cancellationToken)
    {
        try
        {
            return await maintenance.ReadAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogSilent(failure, "the database");
            return new Dictionary<Guid, MaintenanceMode>();
        }
    }

    private ClusterMember[] Silos(HashSet<SiloAddress> workers) =>
    [
        .. membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status is not (SiloStatus.Dead or SiloStatus.None))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => new ClusterMember(
                member.SiloAddress.ToParsableString(),
                member.Name,
                member.Status.ToString(),
                workers.Contains(member.SiloAddress))),
    ];

    // Null where it did not answer in time: who is ill must not make the check ill.
    private async Task<T?> Ask<T>(Task<T> answer, string whom, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await answer.WaitAsync(AnswerLimit, time, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogSilent(failure, whom);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Debug, "System health: {Whom} does not answer")]
    private partial void LogSilent(Exception failure, string whom);
}
