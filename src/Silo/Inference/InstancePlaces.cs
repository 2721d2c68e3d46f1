using System.Collections.Concurrent;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>
/// Where requests for a deployment go, as the scheduler says; a deployment on demand that sleeps is started. Where the scheduler does
/// not answer, any worker may look: a request waits for no scheduler that is away.
/// </summary>
internal sealed partial class InstancePlaces(IGrainFactory grains, TimeProvider time, ILogger<InstancePlaces> logger)
{
    private const int MostKept = 1000;

    // Within it a deployment may have gone to sleep; the worker that it left looks all the same.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly DeploymentPlaces Anywhere = new();

    private readonly ConcurrentDictionary<Guid, (long At, DeploymentPlaces Places)> _known = new();

    /// <summary>The workers; none where it is open to any.</summary>
    /// <exception cref="InferenceRefusedException">It sleeps, and there is no room to start it.</exception>
    public async Task<DeploymentPlaces> FindAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        if (!deployment.AutoScalingEnabled && deployment.DeploymentStrategy != DeploymentStrategy.OnDemand)
        {
            return Anywhere;
        }

        if (_known.TryGetValue(deployment.Id, out var known) && time.GetElapsedTime(known.At) < Freshness)
        {
            return known.Places;
        }

        var places = await AskAsync(deployment.Id, cancellationToken);
        if (places.Refusal is { } refusal && deployment.DeploymentStrategy == DeploymentStrategy.OnDemand)
        {
            throw new InferenceRefusedException(new(503, "no_room", $"The deployment cannot be started now. {refusal}", RetryAfter: Soon));
        }

        if (_known.Count >= MostKept)
        {
            _known.Clear();
        }

        _known[deployment.Id] = (time.GetTimestamp(), places with { IsColdStart = false });
        return places;
    }

    /// <summary>The request that started a deployment has its answer. Nobody waits for that to be noted.</summary>
    public void NoteColdStart(Guid deploymentId, double milliseconds) => _ = NoteAsync(deploymentId, milliseconds);

    private async Task NoteAsync(Guid deploymentId, double milliseconds)
    {
        try
        {
            await grains.GetGrain<ISchedulerGrain>(0).NoteColdStart(deploymentId, milliseconds);
        }
        catch (Exception exception)
        {
            LogNotNoted(deploymentId, exception.GetType().Name);
        }
    }

    private async Task<DeploymentPlaces> AskAsync(Guid deploymentId, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<ISchedulerGrain>(0).Start(deploymentId).WaitAsync(AnswerLimit, time, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogAway(deploymentId, exception.GetType().Name);
            return Anywhere;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deployment {Deployment}: the scheduler does not say where its requests go ({Kind}); any worker takes them")]
    private partial void LogAway(Guid deployment, string kind);

    [LoggerMessage(LogLevel.Warning, "Deployment {Deployment}: how long its start took was not noted ({Kind})")]
    private partial void LogNotNoted(Guid deployment, string kind);
}
