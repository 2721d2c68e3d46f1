using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Destinations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Deployments.Destinations;

/// <summary><c>/api/admin/deployments/{id}/destinations</c>: where a deployment's detections are sent, and how that goes.</summary>
internal static class DestinationsApi
{
    public static IEndpointRouteBuilder MapDestinations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/deployments/{id:guid}/destinations").WithTags("Deployments");
        group.MapGet("/", List).WithName("ListDestinations").WithSummary("How a deployment's destinations do")
            .RequireAccess(AccessAction.ReadDeployments, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(503);
        group.MapPut("/", Set).WithName("SetDestinations")
            .WithSummary("Where a deployment's detections are sent; a secret that is left out stays")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapPost("/{name}/test", Test).WithName("TestDestination").WithSummary("Sends one test message now and says what came of it")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        group.MapGet("/{name}/dead-letters", ListDeadLetters).WithName("ListDeadLetters").WithSummary("Frames that could not be delivered, newest first")
            .RequireAccess(AccessAction.ReadDetections, SitePart.Deployment, "id")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        group.MapPost("/{name}/dead-letters/{letter:long}/retry", Retry).WithName("RetryDeadLetter")
            .WithSummary("Puts a dead letter back to the end of what waits")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(503);
        group.MapDelete("/{name}/dead-letters/{letter:long}", Delete).WithName("DeleteDeadLetter").WithSummary("Deletes a dead letter for good")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id").ProducesProblem(404).ProducesProblem(503);
        return routes;
    }

    private static async Task<Ok<DestinationState[]>> List(
        Guid id, IGrainFactory grains, DestinationQueries queries, IOptions<DestinationOptions> options, CancellationToken cancellationToken)
    {
        await grains.GetGrain<IDeploymentGrain>(id).Get().OrNotFound("deployment", id);
        var states = await queries.ReadStatesAsync(id, cancellationToken);
        return TypedResults.Ok(states.Select(state => state with
        {
            Circuit = DeliveryPolicy.CircuitOf(state.Failures, state.NextTryAt is not null, options.Value),
        }).ToArray());
    }

    private static async Task<Ok<Deployment>> Set(Guid id, SetDestinations request, IGrainFactory grains) =>
        TypedResults.Ok((await grains.GetGrain<IDeploymentGrain>(id).SetDestinations(request.OutputDestinations)).Shown());

    private static async Task<Ok<DestinationTest>> Test(Guid id, string name, DestinationTrial trial, CancellationToken cancellationToken) =>
        TypedResults.Ok(await trial.RunAsync(id, name, cancellationToken));

    private static async Task<Ok<Page<DeadLetter>>> ListDeadLetters(
        Guid id, string name, [AsParameters] PageRequest page, IGrainFactory grains, DestinationQueries queries, CancellationToken cancellationToken)
    {
        await grains.GetGrain<IDeploymentGrain>(id).Get().OrNotFound("deployment", id);
        var found = await queries.ListDeadLettersAsync(id, name, new(page.Rows, page.Cursor), cancellationToken);
        return TypedResults.Ok(new Page<DeadLetter>(found.Items, found.NextCursor));
    }

    private static Task<NoContent> Retry(
        Guid id, string name, long letter, DestinationQueries queries, IAuditTrail trail, CancellationToken cancellationToken) =>
        ChangeAsync("retry", id, name, letter, queries.RetryAsync, trail, cancellationToken);

    private static Task<NoContent> Delete(
        Guid id, string name, long letter, DestinationQueries queries, IAuditTrail trail, CancellationToken cancellationToken) =>
        ChangeAsync("delete", id, name, letter, queries.DeleteAsync, trail, cancellationToken);

    private static async Task<NoContent> ChangeAsync(
        string verb,
        Guid id,
        string name,
        long letter,
        Func<Guid, string, long, CancellationToken, Task<bool>> change,
        IAuditTrail trail,
        CancellationToken cancellationToken)
    {
        if (!await change(id, name, letter, cancellationToken))
        {
            throw new FleetRefusedException(RefusalKind.NotFound, null, $"Destination {name} of deployment {id:D} has no dead letter {letter}.");
        }

        await trail.AppendAsync(
            new() { Action = $"dead_letters.{verb}", TargetType = "detection_dead_letters", TargetId = $"{letter}", Reason = $"{id:D} {name}" },
            cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>Where a deployment's detections are sent.</summary>
public sealed record SetDestinations
{
    /// <summary>The whole array, at most 16: see docs/destinations.md. None or null: nowhere.</summary>
    public JsonText? OutputDestinations { get; init; }
}
