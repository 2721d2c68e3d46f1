using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>What an endpoint asks of whoever calls it; stands in its metadata.</summary>
public interface IAccessRequirement
{
    /// <summary>The right that is needed.</summary>
    AccessAction Action { get; }

    /// <summary>Which site it is needed on.</summary>
    SiteSource Source { get; }

    /// <summary>What the route names, for <see cref="SiteSource.Route"/>.</summary>
    SitePart Part { get; }

    /// <summary>Where the route names it.</summary>
    string? RouteParameter { get; }
}

/// <summary>Where the site stands that a request is about.</summary>
public enum SiteSource
{
    /// <summary>Nowhere: the action belongs to no site, or to all.</summary>
    None,

    /// <summary>The answer is a list, of which everybody sees the part on their own sites.</summary>
    List,

    /// <summary>In the body (<see cref="ISiteBound"/>, <see cref="IDeploymentBound"/>).</summary>
    Body,

    /// <summary>The route names something that belongs to a site.</summary>
    Route,
}

/// <summary>A request body that is about one site.</summary>
public interface ISiteBound
{
    /// <summary>Which; null where the request lacks it.</summary>
    Guid? SiteId { get; }
}

/// <summary>A request body that is about one deployment.</summary>
public interface IDeploymentBound
{
    /// <summary>Which; null where the request lacks it.</summary>
    Guid? DeploymentId { get; }
}

/// <summary>Needed for a page, whose content is limited to the visitor's sites.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequireAccessAttribute(AccessAction action) : Attribute, IAccessRequirement
{
    public AccessAction Action => action;

    public SiteSource Source => SiteSource.List;

    public SitePart Part => SitePart.Site;

    public string? RouteParameter => null;
}

/// <summary>An endpoint that takes a password or the like in its body: whoever failed too often is not listened to there either.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesCredentialsAttribute : Attribute;

/// <summary>An endpoint that is one deployment's, which its own key opens.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesDeploymentKeyAttribute(string routeParameter) : Attribute
{
    /// <summary>Where the route names the deployment.</summary>
    public string RouteParameter => routeParameter;
}

/// <inheritdoc/>
internal sealed record AccessRequirement(
    AccessAction Action, SiteSource Source, SitePart Part = SitePart.Site, string? RouteParameter = null) : IAccessRequirement;
