using System.Diagnostics;
using System.Security.Claims;

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>
/// Every request passes here, between routing and its endpoint. Finds out who asks, and lets through what the access table
/// allows; an endpoint that does not say what it needs is refused to everybody.
/// </summary>
internal sealed partial class AccessGate(
    RequestDelegate next,
    AccessCache cache,
    UserRights users,
    RequestLimits limits,
    IOptions<IdentityOptions> identity,
    ILogger<AccessGate> logger)
{
    private const string WrongOrigin = "A browser's sign-in is good on the pages of this host alone. Programs use an API key.";

    public async Task InvokeAsync(HttpContext context)
    {
        if ((limits.TakeAddress(context) ?? (SaysWho(context) ? limits.FindFailureWait(context) : null)) is { } wait)
        {
            await AccessRefusals.TooManyAsync(context, wait);
            return;
        }

        var access = await IdentifyAsync(context);
        context.Features.Set(access);
        CallerContext.Current = access.Caller;
        if (access.Fault is not null)
        {
            limits.Fail(context);
        }

        if (limits.TakeCaller(access) is { } pause)
        {
            await AccessRefusals.TooManyAsync(context, pause);
            return;
        }

        if (await IsAllowedAsync(context, access))
        {
            await next(context);
        }
    }

    private static bool SaysWho(HttpContext context) =>
        AccessSchemes.HasCredentials(context.Request)
        || (HttpMethods.IsPost(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<TakesCredentialsAttribute>() is not null);

    /// <summary>Whether the request goes on; where it does not, it is answered.</summary>
    private async Task<bool> IsAllowedAsync(HttpContext context, CurrentAccess access)
    {
        // Without a route it is nothing, or what routing answers by itself: wrong method, wrong content type.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return true;
        }

        if (endpoint.Metadata.GetMetadata<IAccessRequirement>() is not { } needed)
        {
            LogUnruled(endpoint.DisplayName);
            await AccessRefusals.ForbiddenAsync(context, access, "Nobody may do this.");
            return false;
        }

        if (!access.IsKnown)
        {
            await AccessRefusals.UnknownAsync(context, access);
            return false;
        }

        if (FindRefusal(context, access, needed) is { } reason)
        {
            await AccessRefusals.ForbiddenAsync(context, access, reason);
            return false;
        }

        return needed.Source is not SiteSource.Route || await IsOnSiteAsync(context, access, needed);
    }

    private static string? FindRefusal(HttpContext context, CurrentAccess access, IAccessRequirement needed)
    {
        if (IsBrowserElsewhere(context))
        {
            return WrongOrigin;
        }

        if (access.MustChangePassword && needed.Action is not AccessAction.UseApi)
        {
            return "Your password is somebody else's choice. Change it first: POST /api/access/password.";
        }

        // Where a request names no site it is about all of them, whatever the action is otherwise about.
        var reachesAll = needed.Source is not SiteSource.None
            || AccessPolicy.Of(needed.Action).Reach is not AccessReach.Site
            || access.Rights.ScopeOf(needed.Action).Sites is null;
        return reachesAll && access.Rights.Allows(needed.Action) ? null : $"You have not the right to {ActionNames.NameOf(needed.Action)}.";
    }

    // A cookie goes along with whatever page asks: what changes something must come from a page of this host.
    private static bool IsBrowserElsewhere(HttpContext context)
    {
        var request = context.Request;
        if (AccessSchemes.HasCredentials(request)
            || (HttpMethods.IsGet(request.Method) && !context.WebSockets.IsWebSocketRequest && !request.Headers.ContainsKey("Upgrade"))
            || HttpMethods.IsHead(request.Method))
        {
            return false;
        }

        return !string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<bool> IsOnSiteAsync(HttpContext context, CurrentAccess access, IAccessRequirement needed)
    {
        var id = Guid.Parse((string)context.GetRouteValue(needed.RouteParameter!)!);
        var scope = access.Rights.ScopeOf(needed.Action);
        if (await cache.FindPlaceAsync(needed.Part, id, context.RequestAborted) is { } place
            && (place.SiteId is { } site ? scope.Covers(site) : scope.Sites is null))
        {
            return true;
        }

        var field = needed.RouteParameter == "id" ? null : needed.RouteParameter;
        await AccessRefusals.NotFoundAsync(context, needed.Part, id, field, needed.Action);
        return false;
    }

    private async Task<CurrentAccess> IdentifyAsync(HttpContext context)
    {
        // ASP.NET's own middleware keeps what succeeded only; asked again, a scheme answers what it found the first time.
        var result = await context.AuthenticateAsync();
        if (!result.Succeeded)
        {
            return Nobody(context, result.Failure?.Message);
        }

        if (context.Features.Get<KeyAccess>() is { } key)
        {
            await cache.TouchAsync(key.Id, context.RequestAborted);
            return key.Owner.IsDisabled
                ? Nobody(context, "The owner of the API key is disabled.")
                : new()
                {
                    Caller = CallerOf(context, CallerKind.Key, key.Owner.Id, $"{key.Owner.Name} ({key.Prefix}…)"),
                    Rights = new(key.Owner.Grants, key.Actions, key.Sites),
                    KeyId = key.Id,
                };
        }

        if (context.Features.Get<DeploymentKeyAccess>() is { } opens)
        {
            return new()
            {
                Caller = CallerOf(context, CallerKind.Key, null, $"{opens.Name} ({opens.Prefix}…)"),
                Rights = new(
                    [new(AccessRole.Integration, opens.SiteId)], new HashSet<AccessAction> { AccessAction.Infer }, SiteScope.Of([opens.SiteId])),
                KeyId = opens.DeploymentId,
                DeploymentKey = opens,
            };
        }

        return Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            && await users.FindAsync(id, context.User.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType), context.RequestAborted)
                is { } user
                ? new()
                {
                    Caller = CallerOf(context, CallerKind.Person, user.Id, user.Name),
                    Rights = new(user.Grants),
                    MustChangePassword = user.MustChangePassword,
                }
                : Nobody(context, AccessSchemes.HasCredentials(context.Request) ? "The sign-in was ended." : null);
    }

    private static CurrentAccess Nobody(HttpContext context, string? fault) => new()
    {
        Caller = CallerOf(context, CallerKind.Anonymous, null, ""),
        Rights = AccessRights.None,
        Fault = fault,
    };

    private static Caller CallerOf(HttpContext context, CallerKind kind, Guid? userId, string name) => new()
    {
        Kind = kind,
        UserId = userId,
        Name = name,
        Address = context.Connection.RemoteIpAddress?.ToString(),
        RequestId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
    };

    [LoggerMessage(LogLevel.Error, "{Endpoint} does not say what right it needs: it is refused to everybody")]
    private partial void LogUnruled(string? endpoint);
}
