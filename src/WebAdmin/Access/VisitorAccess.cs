using System.Security.Claims;

using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.WebAdmin.Access;

/// <summary>
/// What the visitor of a page may see now. A page stays open for hours, so that rights are asked for again with whatever
/// is shown: who was signed out or lost a right sees nothing new.
/// </summary>
public interface IVisitorAccess
{
    /// <summary>Sign-in name, as of the last check.</summary>
    string Name { get; }

    /// <summary>The rights now; none for whoever is not signed in any more.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away, longer than rights are believed.</exception>
    Task<AccessRights> ReadAsync(CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class VisitorAccess(
    AuthenticationStateProvider visitors, UserRights users, IOptions<IdentityOptions> identity) : IVisitorAccess
{
    public string Name { get; private set; } = "";

    public async Task<AccessRights> ReadAsync(CancellationToken cancellationToken)
    {
        var visitor = (await visitors.GetAuthenticationStateAsync()).User;
        var user = Guid.TryParse(visitor.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            ? await users.FindAsync(id, visitor.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType), cancellationToken)
            : null;
        Name = user?.Name ?? "";
        return user is null or { MustChangePassword: true } ? AccessRights.None : new(user.Grants);
    }
}
