using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Deployments.Scaling;

/// <summary><c>/api/admin/deployments/{id}/scaling</c>.</summary>
internal static class ScalingApi
{
    private const int DecisionsShown = 50;

    public static IEndpointRouteBuilder MapScaling(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/admin/deployments/{id:guid}/scaling", Get).WithTags("Deployments").WithName("GetDeploymentScaling")
            .WithSummary("Which workers hold a deployment's model, and the last decisions with their reasons")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(503);
        return routes;
    }

    private static async Task<Ok<DeploymentScaling>> Get(Guid id, IGrainFactory grains, IRowReader rows, CancellationToken cancellationToken)
    {
        await grains.GetGrain<IDeploymentGrain>(id).Get().OrNotFound("deployment", id);
        var decisions = rows.ReadScalingDecisionsAsync(id, DecisionsShown, cancellationToken);
        return TypedResults.Ok(new DeploymentScaling(await grains.GetGrain<ISchedulerGrain>(0).GetStatus(id), await decisions));
    }
}

/// <summary>How a deployment is scaled.</summary>
/// <param name="Now">As of the scheduler's last round.</param>
/// <param name="Decisions">The last 50, newest first.</param>
public sealed record DeploymentScaling(ScalingStatus Now, IReadOnlyList<ScalingDecision> Decisions);
