using System.Text.Json;

using Microsoft.Extensions.Options;

using OrleansAiFleet.Deployments;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Inference;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Inference;

/// <summary>
/// Takes a call from outside to its answer: who may, whether there is room, what was sent, who looks at it. Keeps nothing of it.
/// </summary>
internal sealed class InferenceDesk(
    IGrainFactory grains,
    IPictureRouter router,
    InstancePlaces places,
    IRolloutReader rollouts,
    PictureBudget budget,
    IOptions<InferenceApiOptions> options,
    TimeProvider time,
    ILogger<InferenceDesk> logger)
{
    // What a worker's call may take at most.
    private const int LongestSeconds = 3600;

    /// <summary>The answer; each picture's refusal stands beside the others' predictions, but for a call of one picture.</summary>
    /// <exception cref="InferenceRefusedException">The call as a whole is refused.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">There is no such deployment, or what it needs is away.</exception>
    public async Task<(InferenceAnswer Answer, IReadOnlyList<InferenceRefusal?> Refusals)> AnswerAsync(
        Guid deploymentId, InferenceQuery query, CurrentAccess access, HttpContext context)
    {
        var deployment = await FindAsync(deploymentId, context.RequestAborted);
        if (InferenceAccess.Judge(deployment, InferenceCaller.Of(access, deployment.SiteId), query.Confidence) is { } refusal)
        {
            throw new InferenceRefusedException(refusal);
        }

        var longest = TimeSpan.FromSeconds(Math.Min(deployment.TimeoutSeconds, LongestSeconds));
        await using var place = await InferenceGate.EnterAsync(grains, deployment, longest, context.Response.Headers, logger);
        using var timeout = new CancellationTokenSource(longest, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timeout.Token);
        try
        {
            return await AnswerAsync(deployment, longest, query, context.Request, linked.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw new InferenceRefusedException(PictureFaults.TimedOut((int)longest.TotalSeconds));
        }
    }

    // An address outlives what it led to: where a rollout brought another version, that one answers, by its own rules.
    private async Task<Deployment> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var deployment = await grains.GetGrain<IDeploymentGrain>(id).Get().OrNotFound("deployment", id);
        return deployment.DeploymentStatus == DeploymentStatus.Terminated && await rollouts.FindSuccessorAsync(id, cancellationToken) is { } successor
            ? await grains.GetGrain<IDeploymentGrain>(successor).Get().OrNotFound("deployment", successor)
            : deployment;
    }

    private async Task<(InferenceAnswer Answer, IReadOnlyList<InferenceRefusal?> Refusals)> AnswerAsync(
        Deployment deployment, TimeSpan longest, InferenceQuery query, HttpRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var room = budget.Reserve(request.ContentLength);
        var sent = await PictureRequest.ReadAsync(request, options.Value, cancellationToken);
        var model = await grains.GetGrain<IModelGrain>(deployment.ModelId).Get().OrNotFound("model", deployment.ModelId);
        var reference = ReferenceOf(model, deployment);
        var place = await places.FindAsync(deployment, cancellationToken);
        var left = longest - time.GetElapsedTime(started);
        var inferred = await router.InferAsync(
            [.. sent.Pictures.Select(content => ToInfer(content, deployment, reference, query, left))], place.Workers, cancellationToken);
        var total = time.GetElapsedTime(started).TotalMilliseconds;
        if (place.IsColdStart && inferred.Any(picture => picture.Fault is null))
        {
            places.NoteColdStart(deployment.Id, total);
        }

        InferenceRefusal?[] refusals = [.. inferred.Select(picture => picture.Fault is null
            ? null
            : PictureFaults.Explain(picture, options.Value, (int)longest.TotalSeconds))];
        ThrowIfNothingIsLeft(refusals, sent.IsSingle);
        return (
            new()
            {
                DeploymentId = deployment.Id,
                Model = new(model.Id, model.Name, model.Version),
                Results = [.. inferred.Select((picture, index) => ToAnswer(index, picture, refusals[index], query, total))],
            },
            refusals);
    }

    // A fault of ours with every picture is a fault of the call: whoever repeats calls by their status must see it.
    private static void ThrowIfNothingIsLeft(InferenceRefusal?[] refusals, bool isSingle)
    {
        if (refusals[0] is { } first && (isSingle || Array.TrueForAll(refusals, refusal => refusal is { Status: >= 500 })))
        {
            throw new InferenceRefusedException(first);
        }
    }

    private static ModelReference ReferenceOf(AiModel model, Deployment deployment)
    {
        try
        {
            return DeploymentPipeline.Of(model, deployment);
        }
        catch (JsonException)
        {
            throw new InferenceRefusedException(new(
                409,
                "model_unreadable",
                $"The configuration of {model.Name} {model.Version}, or a pipeline of the deployment, cannot be read: change the pipeline, or "
                + "register the version anew."));
        }
    }

    private PictureToInfer ToInfer(byte[] content, Deployment deployment, ModelReference model, InferenceQuery query, TimeSpan left)
    {
        var threshold = (double)deployment.ConfidenceThreshold;
        return new()
        {
            Model = model,
            DeploymentId = deployment.Id,
            Content = content,
            ConfidenceThreshold = (float)Math.Min(threshold, query.Confidence ?? threshold),
            Timeout = left,
            MostSide = options.Value.MaxSide,
            MostPixels = options.Value.MaxPixels,
            BatchSize = deployment.BatchSize,
        };
    }

    private static PictureAnswer ToAnswer(int index, InferredPicture picture, InferenceRefusal? refusal, InferenceQuery query, double total)
    {
        var wanted = query.WantedClasses;
        return new()
        {
            Index = index,
            Image = picture.Width == 0 ? null : new(picture.Width, picture.Height),
            Predictions = [.. picture.Objects
                .Where(found => !(found.Confidence < query.Confidence) && wanted?.Contains(found.ClassName) is not false)
                .Select(ToPrediction)],
            Timing = refusal is null
                ? new(picture.QueueMilliseconds, picture.PreprocessMilliseconds, picture.InferMilliseconds, picture.PostprocessMilliseconds, total)
                : null,
            Error = refusal is null ? null : new(refusal.Status, refusal.Detail),
        };
    }

    private static Prediction ToPrediction(PictureObject found) => new(
        found.X + (found.Width / 2), found.Y + (found.Height / 2), found.Width, found.Height, found.Confidence, found.ClassName, found.ClassId);
}
