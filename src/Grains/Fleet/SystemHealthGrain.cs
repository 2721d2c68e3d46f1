using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using Orleans.Concurrency;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Inference;

namespace OrleansAiFleet.Fleet;

/// <summary>Asks workers and the camera supervisor how they do, all at once, and has a policy judge it. Holds nothing.</summary>
[GrainType("system-health"), StatelessWorker]
internal sealed partial class SystemHealthGrain(
    IClusterMembershipService membership,
    WorkerDirectory directory,
    IInferenceServiceClient inference,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time,
    ILogger<SystemHealthGrain> logger) : Grain, ISystemHealthGrain
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

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

        var findings = new HealthFindings(
            silos,
            [.. answers.Select(answer => answer.Status).OfType<WorkerStatus>()],
            [.. answers.Where(answer => answer.Status is null).Select(answer => answer.Name)],
            [.. (statuses ?? []).Where(camera => sites is null || sites.Contains(camera.SiteId))],
            SupervisorAnswers: statuses is not null);
        var verdict = HealthPolicy.Judge(findings);
        return new()
        {
            Status = verdict.Level,
            Reasons = [.. verdict.Reasons],
            Silos = sites is null ? [.. findings.Silos] : [],
            Workers = sites is null ? [.. findings.Workers] : [],
            Cameras = [.. findings.Cameras],
            CheckedAt = time.GetUtcNow(),
        };
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
