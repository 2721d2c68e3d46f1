using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary><c>/api/admin/people</c>.</summary>
internal static class PeopleApi
{
    public static IEndpointRouteBuilder MapPeople(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/admin/people").WithTags("Access").RequireAccess(AccessAction.ManagePeople);
        group.MapGet("/", List).WithName("ListPeople").WithSummary("People and services with their roles, newest first").ProducesProblem(400);
        group.MapPost("/", Create).WithName("CreatePerson").WithSummary("Lets somebody in; a person then needs a password reset")
            .ProducesProblem(400).ProducesProblem(409);
        group.MapGet("/{id:guid}", Get).WithName("GetPerson").WithSummary("One person or service").ProducesProblem(404);
        group.MapPut("/{id:guid}", Update).WithName("UpdatePerson").WithSummary("Another name to show; takes rights away or gives them back")
            .ProducesProblem(404).ProducesProblem(409);
        group.MapPut("/{id:guid}/grants", SetGrants).WithName("SetGrants").WithSummary("The roles that somebody has, all of them")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:guid}/unlock", Unlock).WithName("UnlockPerson").WithSummary("Ends a lockout after wrong passwords")
            .ProducesProblem(404);
        group.MapPost("/{id:guid}/reset-password", ResetPassword).WithName("CreatePasswordReset")
            .WithSummary("A token with which somebody sets a password").ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/{id:guid}/reset-two-factor", ResetTwoFactor).WithName("ResetTwoFactor")
            .WithSummary("The password is enough again: for a lost authenticator").ProducesProblem(404);
        return routes;
    }

    private static async Task<Ok<Page<Person>>> List(
        [AsParameters] PageRequest page, PeopleStore people, CancellationToken cancellationToken)
    {
        var found = await people.ListAsync(new(page.Rows, page.Cursor), cancellationToken);
        return TypedResults.Ok(new Page<Person>(found.Items, found.NextCursor));
    }

    private static async Task<Created<Person>> Create(
        CreatePerson request, NewPeople users, PeopleStore people, CancellationToken cancellationToken)
    {
        var id = request.Id ?? Guid.CreateVersion7();
        if (await people.FindAsync(id, cancellationToken) is { } known)
        {
            return known.Name == request.Name
                ? TypedResults.Created($"/api/admin/people/{id}", known)
                : throw new FleetRefusedException(RefusalKind.Conflict, "id", $"User {id} is somebody else already.");
        }

        IdentityRefusal.Require(
            await users.CreateAsync(request.ToUser(id), password: null, request.Grants.Select(grant => grant.ToGrant()), cancellationToken),
            "name");
        return TypedResults.Created($"/api/admin/people/{id}", await people.FindAsync(id, cancellationToken).OrNotFound("user", id));
    }

    private static async Task<Ok<Person>> Get(Guid id, PeopleStore people, CancellationToken cancellationToken) =>
        TypedResults.Ok(await people.FindAsync(id, cancellationToken).OrNotFound("user", id));

    private static async Task<Ok<Person>> Update(
        Guid id, UpdatePerson request, PeopleStore people, CancellationToken cancellationToken) =>
        TypedResults.Ok(await people.UpdateAsync(id, request.DisplayName, request.Disabled, cancellationToken));

    private static async Task<Ok<Person>> SetGrants(
        Guid id, SetGrants request, PeopleStore people, CancellationToken cancellationToken) =>
        TypedResults.Ok(await people.SetGrantsAsync(id, [.. request.Grants!.Select(grant => grant.ToGrant())], cancellationToken));

    private static async Task<NoContent> Unlock(Guid id, UserManager<FleetUser> users)
    {
        var user = await FindAsync(id, users);
        IdentityRefusal.Require(await users.SetLockoutEndDateAsync(user, null), null);
        IdentityRefusal.Require(await users.ResetAccessFailedCountAsync(user), null);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<PasswordReset>> ResetPassword(Guid id, UserManager<FleetUser> users)
    {
        var user = await FindAsync(id, users);
        return user.Kind is UserKind.Person
            ? TypedResults.Ok(new PasswordReset(user.UserName!, await users.GeneratePasswordResetTokenAsync(user)))
            : throw new FleetRefusedException(RefusalKind.Conflict, null, "A service has no password. Create a key for it.");
    }

    private static async Task<NoContent> ResetTwoFactor(Guid id, UserManager<FleetUser> users)
    {
        var user = await FindAsync(id, users);
        IdentityRefusal.Require(await users.SetTwoFactorEnabledAsync(user, false), null);
        IdentityRefusal.Require(await users.ResetAuthenticatorKeyAsync(user), null);
        return TypedResults.NoContent();
    }

    private static Task<FleetUser> FindAsync(Guid id, UserManager<FleetUser> users) =>
        users.FindByIdAsync(id.ToString()).OrNotFound("user", id);
}
