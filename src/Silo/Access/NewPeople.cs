using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary>Creates users with their grants: both or neither.</summary>
internal sealed class NewPeople(UserManager<FleetUser> users, AccessContext db)
{
    /// <summary>Creates the user. With a password it can sign in at once, without one after a password reset.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">A grant names a site that does not exist.</exception>
    public async Task<IdentityResult> CreateAsync(
        FleetUser user, string? password, IEnumerable<AccessGrant> grants, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password);
        if (result.Succeeded)
        {
            await PeopleStore.AddGrantsAsync(db, user.Id, grants, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }
}
