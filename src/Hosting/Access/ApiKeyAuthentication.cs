using System.Security.Claims;
using System.Text.Encodings.Web;

using Microsoft.AspNetCore.Authentication;
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
        if (!ApiKeySecret.HasForm(secret))
        {
            return AuthenticateResult.Fail("It has not the form of an API key.");
        }

        return await cache.FindKeyAsync(ApiKeySecret.Hash(secret!), Context.RequestAborted) is { } key
            ? use.Accept(Context, key, Scheme.Name)
            : AuthenticateResult.Fail("There is no such API key.");
    }
}

/// <summary>What is common to all ways to use a key.</summary>
internal sealed class KeyUse(TimeProvider time)
{
    /// <summary>Lets the key in unless it has ended.</summary>
    public AuthenticateResult Accept(Microsoft.AspNetCore.Http.HttpContext context, KeyAccess key, string scheme)
    {
        if (key.IsRevoked || key.ExpiresAt <= time.GetUtcNow())
        {
            return AuthenticateResult.Fail(key.IsRevoked ? "The API key was revoked." : "The API key has expired.");
        }

        context.Features.Set(key);
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, key.Owner.Id.ToString()), new(AccessSchemes.KeyClaim, key.Id.ToString())], scheme);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), scheme));
    }
}
