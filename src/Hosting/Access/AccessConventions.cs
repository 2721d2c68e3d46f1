using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Says what endpoints need. One that says nothing is refused to everybody.</summary>
public static class AccessConventions
{
    /// <summary>A right that has nothing to do with a site, or is needed on all of them.</summary>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, AccessAction action)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AccessRequirement(action, SiteSource.None));

    /// <summary>A right on some site: the answer has what is on the caller's sites.</summary>
    public static TBuilder RequireAccessToListed<TBuilder>(this TBuilder endpoint, AccessAction action)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AccessRequirement(action, SiteSource.List));

    /// <summary>A right on the site of what the route names. What is on another site is not found.</summary>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder endpoint, AccessAction action, SitePart part, string routeParameter)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AccessRequirement(action, SiteSource.Route, part, routeParameter));

    /// <summary>A right on the site that the body names (<see cref="ISiteBound"/>), or whose deployment it names (<see cref="IDeploymentBound"/>).</summary>
    public static TBuilder RequireAccessToBody<TBuilder>(this TBuilder endpoint, AccessAction action)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.WithMetadata(new AccessRequirement(action, SiteSource.Body));
        return endpoint.AddEndpointFilterFactory((factory, next) =>
        {
            if (!factory.MethodInfo.GetParameters().Any(parameter => IsBound(parameter.ParameterType)))
            {
                throw new InvalidOperationException($"{factory.MethodInfo.Name} has no parameter that names a site.");
            }

            return async invocation =>
                await BodyRefused(action, invocation) ? Results.Empty : await next(invocation);
        });
    }

    /// <summary>Besides whoever has the right, whoever has the key of the deployment that the route names.</summary>
    public static TBuilder TakesDeploymentKey<TBuilder>(this TBuilder endpoint, string routeParameter)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new TakesDeploymentKeyAttribute(routeParameter));

    /// <summary>Open to everybody who reaches the host.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AllowAnonymous();

    /// <summary>Open to everybody, who says in the body who they are.</summary>
    public static TBuilder OpenToCredentials<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AllowAnonymous().WithMetadata(new TakesCredentialsAttribute());

    private static bool IsBound(Type body) => body.IsAssignableTo(typeof(ISiteBound)) || body.IsAssignableTo(typeof(IDeploymentBound));

    private static async ValueTask<bool> BodyRefused(AccessAction action, EndpointFilterInvocationContext invocation)
    {
        var access = CurrentAccess.Of(invocation.HttpContext);
        foreach (var body in invocation.Arguments.OfType<IDeploymentBound>())
        {
            if (body.DeploymentId is { } deployment && !await IsOnSiteAsync(access.Rights.ScopeOf(action), deployment, invocation.HttpContext))
            {
                await AccessRefusals.NotFoundAsync(invocation.HttpContext, SitePart.Deployment, deployment, "deployment_id", action);
                return true;
            }
        }

        foreach (var body in invocation.Arguments.OfType<ISiteBound>())
        {
            if (body.SiteId is { } site && !access.Rights.Allows(action, site))
            {
                await AccessRefusals.NotFoundAsync(invocation.HttpContext, SitePart.Site, site, "site_id", action);
                return true;
            }
        }

        return false;
    }

    private static async Task<bool> IsOnSiteAsync(SiteScope scope, Guid deployment, HttpContext context) =>
        await context.RequestServices.GetRequiredService<AccessCache>()
            .FindPlaceAsync(SitePart.Deployment, deployment, context.RequestAborted) is { SiteId: { } site } && scope.Covers(site);
}
