using System.Security.Claims;

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using Npgsql;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.WebAdmin.Access;

/// <summary>Users that an OpenID Connect provider vouches for: made at their first sign-in, with their groups' roles at each.</summary>
internal sealed class SingleSignOnUsers(
    FleetSignIn signIn, NewPeople newPeople, PeopleStore people, SignInCheck check, IOptions<SingleSignOnOptions> options)
{
    private const string Action = "sessions.sign_in";
    private const string Subject = "sub";
    private const string Email = "email";
    private const string EmailVerified = "email_verified";
    private const string Name = "name";
    private const string PreferredName = "preferred_username";
    private const int NameLength = 255;

    private UserManager<FleetUser> Users => signIn.UserManager;

    /// <summary>Leaves what is needed, groups without a role not among it: it travels in a cookie.</summary>
    public static ClaimsPrincipal Reduce(ClaimsPrincipal visitor, SingleSignOnOptions options)
    {
        var mapped = options.Groups.Select(role => role.Group).ToHashSet(StringComparer.Ordinal);
        var claims = visitor.Claims.Where(claim => claim.Type is Subject or Email or EmailVerified or Name or PreferredName
            || (claim.Type == options.GroupsClaim && mapped.Contains(claim.Value)));
        return new(new ClaimsIdentity(claims, "OpenID Connect"));
    }

    /// <summary>The user of whoever the provider vouches for; every attempt is recorded.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public async Task<(FleetUser? User, SingleSignOnFault Fault)> TakeAsync(
        ClaimsPrincipal visitor, HttpContext context, CancellationToken cancellationToken)
    {
        var shown = visitor.FindFirstValue(Email) ?? visitor.FindFirstValue(PreferredName) ?? visitor.FindFirstValue(Subject) ?? "";

        // What is changed here is changed on the provider's word.
        CallerContext.Current = CurrentAccess.Of(context).Caller with { Kind = CallerKind.Person, Name = shown };
        var verdict = await JudgeAsync(visitor, cancellationToken);
        await (verdict.User is { } user
            ? check.AcceptAsync(context, user, $"By {options.Value.Authority}.", cancellationToken)
            : check.RefuseAsync(context, Action, shown, $"By {options.Value.Authority}: {verdict.Reason}", cancellationToken));
        return (verdict.User, verdict.Fault);
    }

    private async Task<Verdict> JudgeAsync(ClaimsPrincipal visitor, CancellationToken cancellationToken)
    {
        var grants = options.Value.GrantsOf(visitor.FindAll(options.Value.GroupsClaim).Select(claim => claim.Value));
        if (visitor.FindFirstValue(Subject) is not { Length: > 0 } subject || grants.Count == 0)
        {
            return new(null, SingleSignOnFault.NoRole, "In no group that has a role.");
        }

        try
        {
            if (await FindAsync(subject) is not { } user)
            {
                return await CreateAsync(UserOf(visitor), subject, grants, cancellationToken);
            }

            if (!await signIn.CanSignInAsync(user))
            {
                return new(null, SingleSignOnFault.Disabled, "Disabled.");
            }

            await people.SetGrantsAsync(user.Id, grants, cancellationToken);
            return new(user);
        }
        catch (FleetRefusedException refusal) when (refusal.Kind is RefusalKind.Conflict or RefusalKind.Invalid)
        {
            // The site of a group's role is gone, or its roles would leave nobody to give rights.
            return new(null, SingleSignOnFault.NoRole, refusal.Message);
        }
    }

    private async Task<Verdict> CreateAsync(FleetUser made, string subject, IReadOnlyCollection<AccessGrant> grants, CancellationToken cancellationToken)
    {
        string? reason = null;
        try
        {
            var result = await newPeople.CreateAsync(
                made, null, grants, cancellationToken, new(options.Value.Authority!, subject, options.Value.DisplayName));
            if (result.Succeeded)
            {
                return new(made);
            }

            reason = string.Join(' ', result.Errors.Select(error => error.Description));
        }
        catch (DbUpdateException taken) when (taken.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Looked for below.
        }

        // Two windows at once: the other one may have made the user.
        return await FindAsync(subject) is { } other ? new(other) : new(null, SingleSignOnFault.NameTaken, reason ?? "The name is another user's.");
    }

    private Task<FleetUser?> FindAsync(string subject) => Users.FindByLoginAsync(options.Value.Authority!, subject);

    // An address that the provider does not vouch for names nobody.
    private static FleetUser UserOf(ClaimsPrincipal visitor)
    {
        var id = Guid.CreateVersion7();
        var email = visitor.FindFirstValue(EmailVerified) is null or "true" or "True" ? visitor.FindFirstValue(Email) : null;
        var name = visitor.FindFirstValue(Name) ?? visitor.FindFirstValue(PreferredName) ?? "";
        return new()
        {
            Id = id,
            Kind = UserKind.Person,
            UserName = email ?? $"sso-{id:N}",
            Email = email,
            EmailConfirmed = email is not null,
            DisplayName = name[..Math.Min(name.Length, NameLength)],
            LockoutEnabled = true,
        };
    }

    private sealed record Verdict(FleetUser? User, SingleSignOnFault Fault = SingleSignOnFault.None, string? Reason = null);
}
