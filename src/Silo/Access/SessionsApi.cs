using Microsoft.AspNetCore.Http.HttpResults;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Silo.Access;

/// <summary><c>/api/access</c>: signing in by a script, and who one is.</summary>
internal static class SessionsApi
{
    public static IEndpointRouteBuilder MapSessions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/access").WithTags("Access");
        group.MapPost("/sign-in", SignIn).WithName("SignIn").WithSummary("Access and refresh tokens for an e-mail address and a password")
            .OpenToCredentials().ProducesProblem(400).ProducesProblem(401).ProducesProblem(429);
        group.MapPost("/refresh", Refresh).WithName("RefreshTokens").WithSummary("New tokens for a refresh token")
            .OpenToCredentials().ProducesProblem(400).ProducesProblem(401).ProducesProblem(429);
        group.MapPost("/sign-out", SignOut).WithName("SignOut").WithSummary("Ends every sign-in and token of the caller")
            .RequireAccess(AccessAction.UseApi);
        group.MapGet("/me", GetMe).WithName("GetMe").WithSummary("Who the caller is and what it may").RequireAccess(AccessAction.UseApi);
        return routes;
    }

    private static async Task<Results<Ok<IssuedTokens>, ProblemHttpResult>> SignIn(
        SignInRequest request, SignInCheck check, AccessTokens tokens, HttpContext context, CancellationToken cancellationToken)
    {
        var outcome = await check.CheckAsync(
            new()
            {
                Name = request.Email,
                Password = request.Password,
                Code = request.TwoFactorCode,
                RecoveryCode = request.RecoveryCode,
            },
            context,
            cancellationToken);
        return outcome.User is { } user ? TypedResults.Ok(await tokens.IssueAsync(user)) : Unauthorized(outcome.Fault!);
    }

    private static async Task<Results<Ok<IssuedTokens>, ProblemHttpResult>> Refresh(
        RefreshRequest request, AccessTokens tokens, SignInCheck check, HttpContext context, CancellationToken cancellationToken)
    {
        if (await tokens.FindUserAsync(request.RefreshToken) is { } user)
        {
            return TypedResults.Ok(await tokens.IssueAsync(user));
        }

        await check.RefuseAsync(context, "sessions.refresh", "", "The refresh token is not good.", cancellationToken);
        return Unauthorized("The refresh token is not good any more. Sign in.");
    }

    private static async Task<NoContent> SignOut(
        CurrentAccess access, FleetSignIn signIn, IAuditTrail trail, CancellationToken cancellationToken)
    {
        var user = await signIn.UserManager.FindByIdAsync(access.UserId.ToString())
            ?? throw new FleetRefusedException(RefusalKind.NotFound, null, "There is no such user.");
        await signIn.UserManager.UpdateSecurityStampAsync(user);
        await trail.AppendAsync(
            new() { Action = "sessions.sign_out", TargetType = "users", TargetId = user.Id.ToString() }, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Ok<Me> GetMe(CurrentAccess access) => TypedResults.Ok(new Me
    {
        UserId = access.UserId,
        Name = access.Caller.Name,
        KeyId = access.KeyId,
        MustChangePassword = access.MustChangePassword,
        Rights = Enum.GetValues<AccessAction>()
            .Select(action => (Action: action, Scope: access.Rights.ScopeOf(action)))
            .Where(right => !right.Scope.IsEmpty)
            .ToDictionary(right => ActionNames.NameOf(right.Action), right => (IReadOnlyCollection<Guid>?)right.Scope.Sites),
    });

    private static ProblemHttpResult Unauthorized(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status401Unauthorized);
}
