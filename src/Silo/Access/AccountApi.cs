using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary><c>/api/access</c>: one's own password and second factor.</summary>
internal static class AccountApi
{
    private const int Codes = 10;

    public static IEndpointRouteBuilder MapAccount(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/access").WithTags("Access");
        group.MapPost("/password", ChangePassword).WithName("ChangePassword").WithSummary("Another password; ends every other sign-in")
            .RequireAccess(AccessAction.UseApi).ProducesProblem(400);
        group.MapPost("/reset-password", ResetPassword).WithName("ResetPassword").WithSummary("A password by the token of an administrator")
            .OpenToCredentials().ProducesProblem(400).ProducesProblem(429);
        group.MapPost("/two-factor", StartTwoFactor).WithName("StartTwoFactor").WithSummary("A new key for an authenticator app")
            .RequireAccess(AccessAction.UseApi).ProducesProblem(409);
        group.MapPost("/two-factor/enable", EnableTwoFactor).WithName("EnableTwoFactor")
            .WithSummary("From now on a code of the authenticator is asked for; answers recovery codes")
            .RequireAccess(AccessAction.UseApi).ProducesProblem(400);
        group.MapPost("/two-factor/disable", DisableTwoFactor).WithName("DisableTwoFactor")
            .WithSummary("From now on the password is enough").RequireAccess(AccessAction.UseApi).ProducesProblem(400);
        return routes;
    }

    private static async Task<NoContent> ChangePassword(
        ChangePassword request, CurrentAccess access, UserManager<FleetUser> users)
    {
        var user = await FindAsync(access, users);
        user.MustChangePassword = false;
        IdentityRefusal.Require(
            await users.ChangePasswordAsync(user, request.CurrentPassword, request.NewPassword), "new_password", "current_password");
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ResetPassword(
        ResetPassword request, PasswordResets resets, HttpContext context, CancellationToken cancellationToken)
    {
        await resets.ResetAsync(request.Email, request.ResetToken, request.NewPassword, context, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<TwoFactorKey>> StartTwoFactor(CurrentAccess access, UserManager<FleetUser> users)
    {
        var user = await FindAsync(access, users);
        if (user.TwoFactorEnabled)
        {
            throw new FleetRefusedException(RefusalKind.Conflict, null, "A second factor is asked for already. Disable it first.");
        }

        IdentityRefusal.Require(await users.ResetAuthenticatorKeyAsync(user), null);
        var key = (await users.GetAuthenticatorKeyAsync(user))!;
        return TypedResults.Ok(new TwoFactorKey(key, AuthenticatorUri.Of(user.UserName!, key)));
    }

    private static async Task<Ok<RecoveryCodes>> EnableTwoFactor(
        TwoFactorCode request, CurrentAccess access, UserManager<FleetUser> users)
    {
        var user = await FindAsync(access, users);
        await RequireCodeAsync(users, user, request);
        IdentityRefusal.Require(await users.SetTwoFactorEnabledAsync(user, true), null);
        return TypedResults.Ok(new RecoveryCodes([.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, Codes))!]));
    }

    private static async Task<NoContent> DisableTwoFactor(
        TwoFactorCode request, CurrentAccess access, UserManager<FleetUser> users)
    {
        var user = await FindAsync(access, users);
        await RequireCodeAsync(users, user, request);
        IdentityRefusal.Require(await users.SetTwoFactorEnabledAsync(user, false), null);
        return TypedResults.NoContent();
    }

    private static async Task RequireCodeAsync(UserManager<FleetUser> users, FleetUser user, TwoFactorCode request)
    {
        if (await users.IsLockedOutAsync(user)
            || !await users.VerifyTwoFactorTokenAsync(user, users.Options.Tokens.AuthenticatorTokenProvider, request.Code))
        {
            await users.AccessFailedAsync(user);
            throw new FleetRefusedException(RefusalKind.Invalid, "code", "The code is not that of the authenticator now. Compare its clock.");
        }
    }

    /// <summary>The caller's own account. A key is no way to change its owner's password.</summary>
    private static async Task<FleetUser> FindAsync(CurrentAccess access, UserManager<FleetUser> users) =>
        access.KeyId is null && await users.FindByIdAsync(access.UserId.ToString()) is { } user
            ? user
            : throw new FleetRefusedException(RefusalKind.Conflict, null, "An account is changed by its person alone. Sign in; keys are not enough.");
}
