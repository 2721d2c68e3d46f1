using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>What Identity refuses, as a refusal like any other.</summary>
public static class IdentityRefusal
{
    /// <exception cref="FleetRefusedException">It was refused; what is wrong stands in the message.</exception>
    public static void Require(IdentityResult result, string? field, string? currentPasswordField = null)
    {
        if (result.Succeeded)
        {
            return;
        }

        var error = result.Errors.First();
        throw error.Code switch
        {
            nameof(IdentityErrorDescriber.ConcurrencyFailure) =>
                new(RefusalKind.Conflict, null, "Somebody else changed the user at the same moment. Repeat the request."),
            nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateEmail) =>
                new(RefusalKind.Conflict, field, "There is a user of this name already."),
            nameof(IdentityErrorDescriber.PasswordMismatch) =>
                new FleetRefusedException(RefusalKind.Invalid, currentPasswordField ?? field, "The password is wrong."),
            _ => new(RefusalKind.Invalid, field, string.Join(' ', result.Errors.Select(each => each.Description))),
        };
    }
}
