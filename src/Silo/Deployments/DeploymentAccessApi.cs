using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>Who may have pictures of their own inferred by a deployment, and its own key.</summary>
internal static class DeploymentAccessApi
{
    public static IEndpointRouteBuilder MapDeploymentAccess(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/deployments/{id:guid}").WithTags("Deployments")
            .RequireAccess(AccessAction.Deploy, SitePart.Deployment, "id");
        group.MapPut("/api-access", SetAccess).WithName("SetDeploymentApiAccess")
            .WithSummary("Who may send pictures to a deployment, and how many")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/api-key", MakeKey).WithName("MakeDeploymentApiKey")
            .WithSummary("A new key for a deployment; it is in this answer and never again, and the one before ends")
            .ProducesProblem(404).ProducesProblem(409);
        group.MapDelete("/api-key", TakeKey).WithName("RevokeDeploymentApiKey").WithSummary("Ends a deployment's key").ProducesProblem(404);
        return routes;
    }

    private static async Task<Ok<Deployment>> SetAccess(Guid id, SetDeploymentAccess request, IGrainFactory grains)
    {
        var grain = grains.GetGrain<IDeploymentGrain>(id);
        var changed = await grain.SetApiAccess(new(
            request.ApiAccessEnabled, request.AuthorizedUsers, request.MaxConcurrentRequests, request.RateLimitRequestsPerMinute));
        return TypedResults.Ok(changed.Shown());
    }

    private static async Task<Created<CreatedDeploymentKey>> MakeKey(Guid id, IGrainFactory grains)
    {
        var secret = DeploymentKeySecret.Create();
        var stored = DeploymentKeySecret.ToStored(secret);
        await grains.GetGrain<IDeploymentGrain>(id).SetApiKey(stored);
        return TypedResults.Created(
            $"/api/admin/deployments/{id}/api-key",
            new CreatedDeploymentKey { DeploymentId = id, Prefix = DeploymentKeySecret.PrefixOf(stored)!, Secret = secret });
    }

    private static async Task<Ok<Deployment>> TakeKey(Guid id, IGrainFactory grains) =>
        TypedResults.Ok((await grains.GetGrain<IDeploymentGrain>(id).SetApiKey(null)).Shown());
}

/// <summary>Who may send pictures to a deployment.</summary>
public sealed record SetDeploymentAccess
{
    /// <summary>Nobody may where it is false.</summary>
    public bool ApiAccessEnabled { get; init; }

    /// <summary>Who alone may, beside those who may deploy there; left out: everybody with the right to infer there.</summary>
    [MaxLength(1000)]
    public Guid[]? AuthorizedUsers { get; init; }

    /// <summary>Most requests at a time.</summary>
    [Range(1, 1000)]
    public int MaxConcurrentRequests { get; init; } = 10;

    /// <summary>Requests a minute on average; as many may come at once after a quiet minute.</summary>
    [Range(1, 100_000)]
    public int RateLimitRequestsPerMinute { get; init; } = 100;
}

/// <summary>A deployment's new key. Shown once.</summary>
public sealed record CreatedDeploymentKey
{
    public required Guid DeploymentId { get; init; }

    /// <summary>Its first letters.</summary>
    public required string Prefix { get; init; }

    /// <summary>For <c>X-Api-Key</c>.</summary>
    public required string Secret { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("DeploymentId = ").Append(DeploymentId);
        return true;
    }
}
