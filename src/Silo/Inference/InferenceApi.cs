using System.Globalization;

using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Inference;

/// <summary><c>/api/inference</c>: pictures of callers from outside, looked at by a deployment's model.</summary>
internal static class InferenceApi
{
    private const string RouteParameter = "deployment_id";

    public static IServiceCollection AddInferenceApi(this IServiceCollection services)
    {
        services.AddOptions<InferenceApiOptions>().BindConfiguration(InferenceApiOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<InferenceApiOptions>, InferenceApiOptionsValidator>();
        services.AddSingleton<IValidateOptions<InferenceApiOptions>, InferenceApiOptionsRules>();
        services.AddSingleton<PictureBudget>();
        services.AddSingleton<InstancePlaces>();
        services.AddSingleton<InferenceMeter>();
        services.AddSingleton<InferenceDesk>();
        return services;
    }

    /// <summary>Has pictures inferred by the cluster's workers; for a host that is a silo.</summary>
    public static IServiceCollection AddPictureRouter(this IServiceCollection services) => services.AddSingleton<IPictureRouter>(
        provider => ActivatorUtilities.CreateInstance<PictureRouter>(provider, WorkersOf(provider.GetRequiredService<WorkerDirectory>())));

    private static Func<IReadOnlyList<SiloAddress>> WorkersOf(WorkerDirectory directory) => () => directory.Workers;

    public static IEndpointRouteBuilder MapInference(this IEndpointRouteBuilder routes)
    {
        var most = routes.ServiceProvider.GetRequiredService<IOptions<InferenceApiOptions>>().Value.MaxRequestBytes;
        routes.MapPost($"/api/inference/{{{RouteParameter}:guid}}", Infer).WithTags("Inference").WithName("InferPictures")
            .WithSummary("Has a deployment's model look at pictures: a body of one, a form of several, or JSON with base64")
            .RequireAccess(AccessAction.Infer, SitePart.Deployment, RouteParameter).TakesDeploymentKey(RouteParameter)
            .WithMetadata(new UploadLimit(most)).Accepts<byte[]>(PictureRequest.ContentTypes[0], PictureRequest.ContentTypes[1..])
            .Produces<InferenceAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
            .ProducesProblem(413).ProducesProblem(415).ProducesProblem(429).ProducesProblem(503).ProducesProblem(504);
        return routes;
    }

    private static async Task<IResult> Infer(
        [FromRoute(Name = RouteParameter)] Guid deploymentId,
        [AsParameters] InferenceQuery query,
        InferenceDesk desk,
        InferenceMeter meter,
        IAuditTrail trail,
        TimeProvider time,
        HttpContext context)
    {
        // Not a parameter: the validation of parameters reads all of their properties, and a deployment's key has no user.
        var access = CurrentAccess.Of(context);
        var started = time.GetTimestamp();
        try
        {
            var (answer, refusals) = await desk.AnswerAsync(deploymentId, query, access, context);
            foreach (var refusal in refusals)
            {
                meter.CountPicture(deploymentId, refusal?.Reason);
            }

            meter.CountAnswered(deploymentId, time.GetElapsedTime(started).TotalMilliseconds);
            return TypedResults.Ok(answer);
        }
        catch (InferenceRefusedException refused)
        {
            meter.CountRefused(deploymentId, refused.Refusal.Reason);
            await RecordAsync(trail, access, deploymentId, refused.Refusal, context.RequestAborted);
            return Answer(refused.Refusal, context.Response);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            meter.CountRefused(deploymentId, Problem.Of(exception).IsRefusal ? "refused" : "failed");
            throw;
        }
    }

    // As the access gate does with what it refuses itself.
    private static Task RecordAsync(
        IAuditTrail trail, CurrentAccess access, Guid deploymentId, InferenceRefusal refusal, CancellationToken cancellationToken) =>
        refusal.Status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
            ? Task.CompletedTask
            : trail.AppendAsync(
                new()
                {
                    Caller = access.Caller,
                    Action = "requests.refuse",
                    Outcome = AuditOutcome.Refused,
                    TargetType = "deployments",
                    TargetId = deploymentId.ToString(),
                    Reason = $"POST /api/inference: {refusal.Detail}",
                },
                cancellationToken);

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Answer(InferenceRefusal refusal, HttpResponse response)
    {
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, InferenceGate.Seconds(wait)).ToString(CultureInfo.InvariantCulture);
        }

        return TypedResults.Problem(
            statusCode: refusal.Status,
            detail: refusal.Detail,
            extensions: refusal.Field is { } field ? new Dictionary<string, object?> { ["field"] = field } : null);
    }
}
