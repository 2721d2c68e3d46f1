using System.Security.Claims;

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Access and refresh tokens of people's scripts. Encrypted, not kept; both end when the user's security stamp changes.</summary>
public sealed class AccessTokens(FleetSignIn signIn, IOptionsMonitor<BearerTokenOptions> options, TimeProvider time)
{
    private BearerTokenOptions Options => options.Get(IdentityConstants.BearerScheme);

    /// <summary>New tokens for a user.</summary>
    public async Task<IssuedTokens> IssueAsync(FleetUser user)
    {
        var principal = await signIn.CreateUserPrincipalAsync(user);
        return new(
            Options.BearerTokenProtector.Protect(Ticket(principal, Options.BearerTokenExpiration, $"{IdentityConstants.BearerScheme}:AccessToken")),
            Options.RefreshTokenProtector.Protect(Ticket(principal, Options.RefreshTokenExpiration, $"{IdentityConstants.BearerScheme}:RefreshToken")),
            (int)Options.BearerTokenExpiration.TotalSeconds);
    }

    /// <summary>The user of a refresh token that is still good, or null.</summary>
    public async Task<FleetUser?> FindUserAsync(string refreshToken)
    {
        var ticket = Options.RefreshTokenProtector.Unprotect(refreshToken);
        return ticket?.Properties.ExpiresUtc > time.GetUtcNow()
            && await signIn.ValidateSecurityStampAsync(ticket.Principal) is { } user
            && await signIn.CanSignInAsync(user)
                ? user
                : null;
    }

    private AuthenticationTicket Ticket(ClaimsPrincipal principal, TimeSpan lifetime, string scheme) =>
        new(principal, new() { ExpiresUtc = time.GetUtcNow() + lifetime }, scheme);
}

/// <summary>Tokens, shown once.</summary>
/// <param name="AccessToken">For <c>Authorization: Bearer</c>.</param>
/// <param name="RefreshToken">For new tokens.</param>
/// <param name="ExpiresIn">Seconds that the access token is good.</param>
public sealed record IssuedTokens(string AccessToken, string RefreshToken, int ExpiresIn)
{
    public string TokenType { get; } = "Bearer";
}
