using System.Security.Claims;

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

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
        var subject = visitor.FindFirstValue(Subject);
        var shown = visitor.FindFirstValue(Email) ?? visitor.FindFirstValue(PreferredName) ?? subject ?? "";
        var grants = options.Value.GrantsOf(visitor.FindAll(options.Value.GroupsClaim).Select(claim => claim.Value));
        if (subject is not { Length: > 0 } || grants.Count == 0)
        {
            return await RefusedAsync(SingleSignOnFault.NoRole, "In no group that has a role.");
        }

        // What is changed here is changed on the provider's word.
        CallerContext.Current = CurrentAccess.Of(context).Caller with { Kind = CallerKind.Person, Name = shown };
        try
        {
            if (await FindAsync(subject) is not { } user)
            {
                return await CreateAsync() is { } created
                    ? await AcceptedAsync(created)
                    : await RefusedAsync(SingleSignOnFault.NameTaken, "The e-mail address is another user's.");
            }

            if (!await signIn.CanSignInAsync(user))
            {
                return await RefusedAsync(SingleSignOnFault.Disabled, "Disabled.");
            }

            await people.SetGrantsAsync(user.Id, grants, cancellationToken);
            return await AcceptedAsync(user);
        }
        catch (FleetRefusedException refusal) when (refusal.Kind is RefusalKind.Conflict or RefusalKind.Invalid)
        {
            // The site of a group's role is gone, or its roles would leave nobody to give rights.
            return await RefusedAsync(SingleSignOnFault.NoRole, refusal.Message);
        }

        async Task<FleetUser?> CreateAsync()
        {
            var made = UserOf(visitor);
            try
            {
                var result = await newPeople.CreateAsync(
                    made, null, grants, cancellationToken, new(options.Value.Authority!, subject, options.Value.DisplayName));
                if (result.Succeeded)
                {
                    return made;
                }
            }
            catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
            {
                // What else it may be shows when the user is not there either.
            }

            // Two windows at once: the other one made the user.
            return await FindAsync(subject);
        }

        async Task<(FleetUser?, SingleSignOnFault)> AcceptedAsync(FleetUser accepted)
        {
            await check.AcceptAsync(context, accepted, $"By {options.Value.Authority}.", cancellationToken);
            return (accepted, SingleSignOnFault.None);
        }

        async Task<(FleetUser?, SingleSignOnFault)> RefusedAsync(SingleSignOnFault fault, string reason)
        {
            await check.RefuseAsync(context, Action, shown, $"By {options.Value.Authority}: {reason}", cancellationToken);
            return (null, fault);
        }
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
}
