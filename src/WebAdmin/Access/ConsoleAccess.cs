using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Audit;
using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.WebAdmin.Access;

/// <summary>Signing in to the console, and what its pages need.</summary>
internal static class ConsoleAccess
{
    /// <summary>Where visitors sign in, unless another page is configured.</summary>
    public const string SignInPath = "/sign-in";

    public static IServiceCollection AddConsoleAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.PostConfigure<AccessOptions>(access => access.SignInUrl ??= SignInPath);
        services.AddCascadingAuthenticationState();
        services.AddScoped<IVisitorAccess, VisitorAccess>();
        services.AddScoped<ReturnAddress>();
        services.AddSingleSignOn(configuration);
        return services;
    }

    /// <summary>Whatever page does not name a right, and the connection behind interactive pages, needs a sign-in.</summary>
    public static RazorComponentsEndpointConventionBuilder RequireAccessOfEveryPage(this RazorComponentsEndpointConventionBuilder pages)
    {
        pages.Add(endpoint =>
        {
            if (!endpoint.Metadata.Any(metadata => metadata is IAccessRequirement or IAllowAnonymous))
            {
                endpoint.Metadata.Add(new RequireAccessAttribute(AccessAction.UseApi));
            }
        });
        return pages;
    }

    /// <summary>Pages of this host; the sign-in may lead back to the origins that are configured, and a browser counts that as a form's target.</summary>
    public static RazorComponentsEndpointConventionBuilder AnswerWithPages(
        this RazorComponentsEndpointConventionBuilder pages, IServiceProvider services) =>
        pages.AnswersWithPage(new(FormTargets: [.. services.GetRequiredService<IOptions<AccessOptions>>().Value.ReturnOrigins.Select(Origin)]));

    /// <summary><c>POST /sign-out</c>.</summary>
    public static IEndpointRouteBuilder MapSignOut(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", SignOut).RequireAccess(AccessAction.UseApi);
        return routes;
    }

    // The form's parameter is what makes ASP.NET ask for the antiforgery token.
    private static async Task<IResult> SignOut(
        [FromForm] string? everywhere, CurrentAccess access, FleetSignIn signIn, IAuditTrail trail, CancellationToken cancellationToken)
    {
        if (everywhere is "true" && await signIn.UserManager.FindByIdAsync(access.UserId.ToString()) is { } user)
        {
            await signIn.UserManager.UpdateSecurityStampAsync(user);
        }

        await signIn.SignOutAsync();
        await trail.AppendAsync(
            new() { Action = "sessions.sign_out", TargetType = "users", TargetId = access.UserId.ToString() }, cancellationToken);
        return TypedResults.LocalRedirect(SignInPath);
    }

    // Settings are told apart in a policy by spaces and semicolons: only what is an origin gets in.
    private static string Origin(string setting) =>
        Uri.TryCreate(setting, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address.GetLeftPart(UriPartial.Authority)
            : throw new InvalidOperationException($"Fleet:Access:ReturnOrigins: '{setting}' is no origin. Give one as https://fleet.example.");
}
