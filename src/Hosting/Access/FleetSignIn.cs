using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Identity's sign-in, for people in good standing.</summary>
public sealed class FleetSignIn(
    UserManager<FleetUser> users,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<FleetUser> claims,
    IOptions<IdentityOptions> options,
    ILogger<SignInManager<FleetUser>> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<FleetUser> confirmation)
    : SignInManager<FleetUser>(users, context, claims, options, logger, schemes, confirmation)
{
    /// <summary>Programs have keys; who is disabled has nothing.</summary>
    public override async Task<bool> CanSignInAsync(FleetUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user is { Kind: UserKind.Person, DisabledAt: null } && await base.CanSignInAsync(user);
    }

    /// <summary>As long as with a user: the time says nothing of whether there is one.</summary>
    public async Task<SignInResult> CheckNameAsync(string name, string password)
    {
        if (await UserManager.FindByNameAsync(name) is { } user)
        {
            return await CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        }

        UserManager.PasswordHasher.VerifyHashedPassword(new(), UnknownHash, password);
        return SignInResult.Failed;
    }

    // Of a password that nobody has: 16 bytes of salt and 32 of nothing, hashed as often as real ones.
    private static readonly string UnknownHash = new PasswordHasher<FleetUser>().HashPassword(new(), Guid.NewGuid().ToString());
}

/// <summary>A password with one's own name in it is guessed first.</summary>
internal sealed class OwnNameInPassword : IPasswordValidator<FleetUser>
{
    private const int ShortestName = 4;

    public Task<IdentityResult> ValidateAsync(UserManager<FleetUser> manager, FleetUser user, string? password)
    {
        var names = new[] { user.UserName?.Split('@')[0], user.DisplayName, "password", "orleansaifleet" };
        var found = Array.Find(names, name => name?.Length >= ShortestName && password?.Contains(name, StringComparison.OrdinalIgnoreCase) is true);
        return Task.FromResult(found is null
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = "PasswordHasName", Description = $"The password must not have '{found}' in it." }));
    }
}
