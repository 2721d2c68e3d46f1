using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

using OrleansAiFleet.Hosting.Access;

namespace OrleansAiFleet.WebAdmin.Access;

/// <summary>Sign-in by an OpenID Connect provider: authorization code with PKCE.</summary>
internal static partial class SingleSignOn
{
    /// <summary>Where the link of the sign-in page leads.</summary>
    public const string StartPath = "/sign-in/provider";

    private const string Scheme = "Fleet.OpenIdConnect";
    private const string ReturnPath = "/sign-in/returned";
    private static readonly TimeSpan ProviderPatience = TimeSpan.FromSeconds(15);

    /// <summary>Registers it where it is configured.</summary>
    public static void AddSingleSignOn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SingleSignOnOptions>().BindConfiguration(SingleSignOnOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        if (configuration.GetSection(SingleSignOnOptions.Section).Get<SingleSignOnOptions>()?.IsOn is not true)
        {
            return;
        }

        services.AddScoped<SingleSignOnUsers>();
        services.AddAuthentication().AddOpenIdConnect(Scheme, _ => { });
        services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<IOptions<SingleSignOnOptions>>(Configure);
    }

    /// <summary><c>GET /sign-in/provider</c> and where the provider's answer ends up.</summary>
    public static void MapSingleSignOn(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<IOptions<SingleSignOnOptions>>().Value.IsOn)
        {
            routes.MapGet(StartPath, StartAsync).OpenToAll();
            routes.MapGet(ReturnPath, ReturnAsync).OpenToAll();
        }
    }

    private static void Configure(OpenIdConnectOptions scheme, IOptions<SingleSignOnOptions> options)
    {
        var provider = options.Value;
        scheme.Authority = provider.Authority;
        scheme.RequireHttpsMetadata = provider.Authority!.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        scheme.ClientId = provider.ClientId;
        scheme.ClientSecret = provider.ClientSecret;
        scheme.SignInScheme = IdentityConstants.ExternalScheme;
        scheme.ResponseType = OpenIdConnectResponseType.Code;
        scheme.MapInboundClaims = false;
        scheme.BackchannelTimeout = ProviderPatience;
        scheme.Scope.Clear();
        foreach (var scope in provider.AskedScopes)
        {
            scheme.Scope.Add(scope);
        }

        // The answer comes as a visit, not as a form posted from elsewhere: cookies need not go along with those.
        scheme.ResponseMode = OpenIdConnectResponseMode.Query;
        scheme.CorrelationCookie.SameSite = scheme.NonceCookie.SameSite = SameSiteMode.Lax;
        scheme.CorrelationCookie.SecurePolicy = scheme.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        scheme.Events.OnTicketReceived = context =>
        {
            context.Principal = SingleSignOnUsers.Reduce(context.Principal!, provider);
            return Task.CompletedTask;
        };
        scheme.Events.OnRemoteFailure = FailAsync;
    }

    private static async Task<IResult> StartAsync(string? return_url, HttpContext context, ILogger<SingleSignOnUsers> logger)
    {
        try
        {
            var back = return_url is null ? ReturnPath : ReturnPath + QueryString.Create("return_url", return_url);
            await context.ChallengeAsync(Scheme, new AuthenticationProperties { RedirectUri = back });
            return Results.Empty;
        }
        catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException or IOException)
        {
            LogFailed(logger, Printable(failure.Message));
            return Refused(SingleSignOnFault.Unavailable);
        }
    }

    private static async Task<IResult> ReturnAsync(
        string? return_url, HttpContext context, SingleSignOnUsers users, FleetSignIn signIn, ReturnAddress back, CancellationToken cancellationToken)
    {
        var ticket = await context.AuthenticateAsync(IdentityConstants.ExternalScheme);
        if (ticket.Principal is not { } visitor)
        {
            return Refused(SingleSignOnFault.Provider);
        }

        await context.SignOutAsync(IdentityConstants.ExternalScheme);
        var (user, fault) = await users.TakeAsync(visitor, context, cancellationToken);
        if (user is null)
        {
            return Refused(fault);
        }

        await signIn.SignInAsync(user, isPersistent: false);
        return TypedResults.Redirect(back.Of(return_url));
    }

    private static async Task FailAsync(RemoteFailureContext context)
    {
        var services = context.HttpContext.RequestServices;
        LogFailed(services.GetRequiredService<ILogger<SingleSignOnUsers>>(), Printable(context.Failure?.Message ?? ""));
        await Refused(SingleSignOnFault.Provider).ExecuteAsync(context.HttpContext);
        context.HandleResponse();
    }

    private static RedirectHttpResult Refused(SingleSignOnFault fault) => TypedResults.LocalRedirect($"{ConsoleAccess.SignInPath}?fault={(int)fault}");

    // What a provider, or whoever pretends to be one, wrote.
    private static string Printable(string text) => new([.. text.Where(letter => !char.IsControl(letter)).Take(300)]);

    [LoggerMessage(LogLevel.Warning, "Nobody could be signed in by the OpenID Connect provider: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}

/// <summary>Why somebody who came by way of the provider is not let in.</summary>
internal enum SingleSignOnFault
{
    None = 0,

    /// <summary>The provider refused, or its answer was not good.</summary>
    Provider = 1,

    /// <summary>The provider does not answer.</summary>
    Unavailable = 2,

    /// <summary>In no group that has a role here.</summary>
    NoRole = 3,

    /// <summary>The e-mail address is a user's already.</summary>
    NameTaken = 4,

    /// <summary>Disabled here.</summary>
    Disabled = 5,
}
