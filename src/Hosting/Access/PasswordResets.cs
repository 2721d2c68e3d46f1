using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Sets passwords by the token that an administrator gave.</summary>
public sealed class PasswordResets(UserManager<FleetUser> users, SignInCheck check)
{
    /// <summary>Sets a password and ends a lockout.</summary>
    /// <exception cref="FleetRefusedException">Token or password is not good; recorded where it is the token.</exception>
    public async Task ResetAsync(string email, string token, string password, HttpContext context, CancellationToken cancellationToken)
    {
        var user = await users.FindByNameAsync(email);
        if (user is { Kind: UserKind.Person })
        {
            user.MustChangePassword = false;
            var result = await users.ResetPasswordAsync(user, token, password);
            if (result.Errors.All(error => error.Code != nameof(IdentityErrorDescriber.InvalidToken)))
            {
                IdentityRefusal.Require(result, "new_password");
                await users.SetLockoutEndDateAsync(user, null);
                return;
            }
        }

        await check.RefuseAsync(context, "users.reset_password", email, "The reset token is not good.", cancellationToken);
        throw new FleetRefusedException(RefusalKind.Invalid, "reset_token", "The reset token is not good any more. Ask for another.");
    }
}
