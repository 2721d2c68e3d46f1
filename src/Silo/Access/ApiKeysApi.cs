using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary><c>/api/admin/api-keys</c>: one's own, and with the right to it those of others.</summary>
internal static class ApiKeysApi
{
    public static IEndpointRouteBuilder MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/api-keys").WithTags("Access").RequireAccess(AccessAction.UseApi);
        group.MapGet("/", List).WithName("ListApiKeys").WithSummary("Keys, newest first: one's own, or all").ProducesProblem(400);
        group.MapPost("/", Create).WithName("CreateApiKey").WithSummary("A new key; its secret is in this answer and never again")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:guid}/rotate", Rotate).WithName("RotateApiKey").WithSummary("A new key in place of this one, both good for a while")
            .ProducesProblem(404).ProducesProblem(409);
        group.MapDelete("/{id:guid}", Revoke).WithName("RevokeApiKey").WithSummary("Ends a key").ProducesProblem(404);
        return routes;
    }

    private static async Task<Ok<Page<ApiKey>>> List(
        [AsParameters] PageRequest page, CurrentAccess access, ApiKeyStore keys, IAuditTrail trail, CancellationToken cancellationToken)
    {
        Guid? owner = access.Rights.Allows(AccessAction.ManageKeys) ? null : access.UserId;
        var found = await keys.ListAsync(owner, new(page.Rows, page.Cursor), cancellationToken);
        await trail.AppendAsync(new() { Action = "api_keys.list", TargetType = "api_keys" }, cancellationToken);
        return TypedResults.Ok(new Page<ApiKey>([.. found.Items.Select(ApiKey.Of)], found.NextCursor));
    }

    private static async Task<Created<CreatedApiKey>> Create(
        CreateApiKey request, CurrentAccess access, NewApiKeys keys, ApiKeyStore store, CancellationToken cancellationToken)
    {
        var owner = request.OwnerId ?? access.UserId;
        RequireHold(access, owner, "owner_id", $"There is no user {owner}.");
        RequireNotWider(access, request.Actions, request.SiteIds);
        var key = keys.Make(request, owner);
        await store.AddAsync(key.Row, cancellationToken);
        return TypedResults.Created($"/api/admin/api-keys/{key.Row.Id}", key.Answer);
    }

    private static async Task<Created<CreatedApiKey>> Rotate(
        Guid id, RotateApiKey request, CurrentAccess access, NewApiKeys keys, ApiKeyStore store, CancellationToken cancellationToken)
    {
        var old = await FindAsync(id, access, store, cancellationToken);
        RequireNotWider(access, old.Actions is null ? null : [.. ActionNames.Parse(old.Actions)], old.SiteIds);
        NewApiKey? made = null;
        await store.ReplaceAsync(
            id, TimeSpan.FromHours(request.OverlapHours), row => (made = keys.MakeAfter(row, request)).Row, cancellationToken);
        return TypedResults.Created($"/api/admin/api-keys/{made!.Row.Id}", made.Answer);
    }

    private static async Task<Ok<ApiKey>> Revoke(
        Guid id, CurrentAccess access, ApiKeyStore store, CancellationToken cancellationToken)
    {
        await FindAsync(id, access, store, cancellationToken);
        return TypedResults.Ok(ApiKey.Of(await store.RevokeAsync(id, cancellationToken)));
    }

    private static async Task<ApiKeyRow> FindAsync(Guid id, CurrentAccess access, ApiKeyStore store, CancellationToken cancellationToken)
    {
        var key = await store.FindAsync(id, cancellationToken).OrNotFound("key", id);
        RequireHold(access, key.UserId, null, $"There is no key {id}.");
        return key;
    }

    private static void RequireHold(CurrentAccess access, Guid owner, string? field, string otherwise)
    {
        if (owner != access.UserId && !access.Rights.Allows(AccessAction.ManageKeys))
        {
            throw new FleetRefusedException(RefusalKind.NotFound, field, otherwise);
        }
    }

    // With a key that is limited nobody makes one that is not.
    private static void RequireNotWider(CurrentAccess access, AccessAction[]? actions, Guid[]? sites)
    {
        if (access.Rights.Actions is { } mayAct && (actions is null || !actions.All(mayAct.Contains)))
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "actions", "The key in use allows less: name actions that it has.");
        }

        if (access.Rights.Sites is { } may && (sites is null || !sites.All(may.Covers)))
        {
            throw new FleetRefusedException(RefusalKind.Invalid, "site_ids", "The key in use allows less: name sites that it has.");
        }
    }
}
