using System.Security.Claims;
using System.Text.Encodings.Web;

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>API keys, in <c>X-Api-Key</c> or as a bearer token.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AccessCache cache, KeyUse use)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var secret = AccessSchemes.FindKey(Request);
        if (DeploymentKeySecret.HasForm(secret))
        {
            return await TakeDeploymentKeyAsync(ApiKeySecret.Hash(secret!));
        }

        if (!ApiKeySecret.HasForm(secret))
        {
            return AuthenticateResult.Fail("It has not the form of an API key.");
        }

        return await cache.FindKeyAsync(ApiKeySecret.Hash(secret!), Context.RequestAborted) is { } key
            ? use.Accept(Context, key, Scheme.Name)
            : AuthenticateResult.Fail("There is no such API key.");
    }

    // Which deployment it is of says the address: there it is good, and nowhere else.
    private async Task<AuthenticateResult> TakeDeploymentKeyAsync(byte[] hash)
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<TakesDeploymentKeyAttribute>() is not { } takes
            || !Guid.TryParse(Context.GetRouteValue(takes.RouteParameter) as string, out var deployment))
        {
            return AuthenticateResult.Fail("A deployment's key is good for pictures to that deployment alone.");
        }

        return await cache.FindDeploymentKeyAsync(deployment, hash, Context.RequestAborted) is { } key
            ? KeyUse.Accept(Context, key, Scheme.Name)
            : AuthenticateResult.Fail("It is not this deployment's key.");
    }
}

/// <summary>What is common to all ways to use a key.</summary>
internal sealed class KeyUse(TimeProvider time)
{
    /// <summary>Lets the key in unless it has ended.</summary>
    public AuthenticateResult Accept(HttpContext context, KeyAccess key, string scheme)
    {
        if (key.IsRevoked || key.ExpiresAt <= time.GetUtcNow())
        {
            return AuthenticateResult.Fail(key.IsRevoked ? "The API key was revoked." : "The API key has expired.");
        }

        context.Features.Set(key);
        return Succeed(scheme, new(ClaimTypes.NameIdentifier, key.Owner.Id.ToString()), new(AccessSchemes.KeyClaim, key.Id.ToString()));
    }

    /// <summary>Lets a deployment's key in.</summary>
    public static AuthenticateResult Accept(HttpContext context, DeploymentKeyAccess key, string scheme)
    {
        context.Features.Set(key);
        return Succeed(scheme, new Claim(AccessSchemes.KeyClaim, key.DeploymentId.ToString()));
    }

    private static AuthenticateResult Succeed(string scheme, params Claim[] claims) =>
        AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity(claims, scheme)), scheme));
}
