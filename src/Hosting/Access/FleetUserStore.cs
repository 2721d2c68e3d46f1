using System.Security.Cryptography;

using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Identity's store, with authenticator keys and recovery codes encrypted, each good for its user alone.</summary>
internal sealed class FleetUserStore(AccessContext context, IDataProtectionProvider protection, IdentityErrorDescriber describer)
    : UserOnlyStore<FleetUser, AccessContext, Guid>(context, describer)
{
    private const string Purpose = "OrleansAiFleet.UserToken";

    public override Task SetTokenAsync(
        FleetUser user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(
            user, loginProvider, name, value is null ? null : ProtectorOf(user, name).Protect(value), cancellationToken);

    public override async Task<string?> GetTokenAsync(
        FleetUser user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        var kept = await base.GetTokenAsync(user, loginProvider, name, cancellationToken);
        try
        {
            return kept is null ? null : ProtectorOf(user, name).Unprotect(kept);
        }
        catch (CryptographicException)
        {
            // The master key is another one: as if no second factor had been set up, which lets nobody in.
            return null;
        }
    }

    private IDataProtector ProtectorOf(FleetUser user, string name) => protection.CreateProtector(Purpose, user.Id.ToString(), name);
}
