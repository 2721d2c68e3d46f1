using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Creates users with their grants: both or neither.</summary>
public sealed class NewPeople(UserManager<FleetUser> users, AccessContext db)
{
    /// <summary>Creates the user. With a password it can sign in at once, without one after a password reset.</summary>
    /// <param name="user">Who it is.</param>
    /// <param name="password">Its first password, or null.</param>
    /// <param name="grants">Its roles.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is created then.</param>
    /// <param name="login">Whom another provider knows it as, or null.</param>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">A grant names a site that does not exist.</exception>
    public async Task<IdentityResult> CreateAsync(
        FleetUser user, string? password, IEnumerable<AccessGrant> grants, CancellationToken cancellationToken, UserLoginInfo? login = null)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = password is null ? await users.CreateAsync(user) : await users.CreateAsync(user, password);
        if (result.Succeeded && login is not null)
        {
            result = await users.AddLoginAsync(user, login);
        }

        if (result.Succeeded)
        {
            await PeopleStore.AddGrantsAsync(db, user.Id, grants, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }
}
