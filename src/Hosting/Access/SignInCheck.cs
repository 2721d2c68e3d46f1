using System.Security.Cryptography;

using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Audit;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>One attempt to sign in.</summary>
public sealed class SignInAttempt
{
    /// <summary>E-mail address.</summary>
    public string Name { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>Of the authenticator.</summary>
    public string? Code { get; init; }

    public string? RecoveryCode { get; init; }

    /// <summary>In place of name and password: what <see cref="SignInOutcome.Ticket"/> gave.</summary>
    public string? Ticket { get; init; }
}

/// <summary>What became of it.</summary>
/// <param name="User">The user where all was right.</param>
/// <param name="Fault">Else why not, in words for whoever tries.</param>
/// <param name="Ticket">The password was right and a second factor is missing: good for it, for some minutes.</param>
public sealed record SignInOutcome(FleetUser? User, string? Fault = null, string? Ticket = null);

/// <summary>Name, password and second factor; every attempt is recorded.</summary>
public sealed class SignInCheck(
    FleetSignIn signIn, OneTimeCodes codes, IAuditTrail trail, RequestLimits limits, IDataProtectionProvider protection)
{
    private const string Action = "sessions.sign_in";
    private const string Wrong = "E-mail address or password is wrong, or the user may not sign in now.";
    private static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _tickets =
        protection.CreateProtector("OrleansAiFleet.SecondFactor").ToTimeLimitedDataProtector();

    private UserManager<FleetUser> Users => signIn.UserManager;

    /// <summary>Checks an attempt.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public async Task<SignInOutcome> CheckAsync(SignInAttempt attempt, HttpContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var user = attempt.Ticket is { Length: > 0 } ticket ? await FindByTicketAsync(ticket) : await FindByPasswordAsync(attempt);
        if (user is null)
        {
            return await RefusedAsync(context, attempt.Name, "Wrong name or password, or locked out.", Wrong, cancellationToken);
        }

        if (user.TwoFactorEnabled)
        {
            if (attempt.Code is null && attempt.RecoveryCode is null)
            {
                return new(
                    null,
                    "A code of the authenticator is needed, or a recovery code.",
                    _tickets.Protect($"{user.Id} {user.SecurityStamp}", TicketLifetime));
            }

            if (!await IsFactorAsync(user, attempt))
            {
                await Users.AccessFailedAsync(user);
                return await RefusedAsync(context, user.UserName!, "Wrong second factor.", "The code is wrong.", cancellationToken);
            }
        }

        await AcceptAsync(context, user, null, cancellationToken);
        return new(user);
    }

    /// <summary>Records that somebody signed in.</summary>
    public Task AcceptAsync(HttpContext context, FleetUser user, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        return trail.AppendAsync(
            new()
            {
                Caller = CurrentAccess.Of(context).Caller with { Kind = CallerKind.Person, UserId = user.Id, Name = user.UserName ?? "" },
                Action = Action,
                TargetType = "users",
                TargetId = user.Id.ToString(),
                Reason = reason,
            },
            cancellationToken);
    }

    /// <summary>Records an attempt that failed, and counts it against its address.</summary>
    public async Task RefuseAsync(HttpContext context, string action, string name, string reason, CancellationToken cancellationToken)
    {
        limits.Fail(context);
        await trail.AppendAsync(
            new()
            {
                Caller = CurrentAccess.Of(context).Caller with { Name = name },
                Action = action,
                Outcome = AuditOutcome.Refused,
                TargetType = "users",
                Reason = reason,
            },
            cancellationToken);
    }

    private async Task<SignInOutcome> RefusedAsync(
        HttpContext context, string name, string reason, string fault, CancellationToken cancellationToken)
    {
        await RefuseAsync(context, Action, name, reason, cancellationToken);
        return new(null, fault);
    }

    private async Task<FleetUser?> FindByPasswordAsync(SignInAttempt attempt) =>
        (await signIn.CheckNameAsync(attempt.Name, attempt.Password)).Succeeded ? await Users.FindByNameAsync(attempt.Name) : null;

    private async Task<FleetUser?> FindByTicketAsync(string ticket)
    {
        try
        {
            var parts = _tickets.Unprotect(ticket).Split(' ', 2);
            return await Users.FindByIdAsync(parts[0]) is { } user
                && user.SecurityStamp == parts[1]
                && !await Users.IsLockedOutAsync(user)
                && await signIn.CanSignInAsync(user)
                    ? user
                    : null;
        }
        catch (CryptographicException)
        {
            // Too old, or none of ours.
            return null;
        }
    }

    private async Task<bool> IsFactorAsync(FleetUser user, SignInAttempt attempt) => attempt.Code is { } code
        ? await codes.TakeAsync(user, code)
        : (await Users.RedeemTwoFactorRecoveryCodeAsync(user, attempt.RecoveryCode!)).Succeeded;
}
