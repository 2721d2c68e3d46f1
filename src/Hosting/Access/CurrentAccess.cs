using System.Reflection;

using Microsoft.AspNetCore.Http;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Who makes this request and what they may.</summary>
public sealed record CurrentAccess
{
    /// <summary>For the audit trail.</summary>
    public required Caller Caller { get; init; }

    /// <summary>What they may; nothing for whoever has not said who they are.</summary>
    public required AccessRights Rights { get; init; }

    /// <summary>The key they use, or null.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>The deployment's key they use, or null: it speaks for nobody.</summary>
    public DeploymentKeyAccess? DeploymentKey { get; init; }

    /// <summary>A password must be changed before anything else.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>Why the credentials that came are not good; null where they are, or none came.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether it is known who they are.</summary>
    public bool IsKnown => Caller.Kind is CallerKind.Person or CallerKind.Key;

    /// <summary>The user, also behind a key.</summary>
    /// <exception cref="InvalidOperationException">Nobody known.</exception>
    public Guid UserId => Caller.UserId ?? throw new InvalidOperationException("The request is nobody's.");

    /// <summary>The access of a request that passed the gate.</summary>
    public static CurrentAccess Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<CurrentAccess>() ?? throw new InvalidOperationException("The request did not pass the access gate.");
    }

    /// <summary>Lets an endpoint take it as a parameter.</summary>
    public static ValueTask<CurrentAccess> BindAsync(HttpContext context, ParameterInfo parameter) => new(Of(context));
}
