using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Storage.Access;

namespace OrleansAiFleet.Hosting.Access;

/// <summary>Sign-in, API keys and the gate that every request passes.</summary>
public static class FleetAccess
{
    private const int ShortestPassword = 12;
    private const int WrongPasswords = 5;
    private static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    /// <summary>Everything that is registered; needs the fleet's storage.</summary>
    /// <param name="services">Has the fleet's storage.</param>
    /// <param name="makesKeys">This host makes the keys that all encrypt with: control silos.</param>
    public static IServiceCollection AddFleetAccess(this IServiceCollection services, bool makesKeys)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddFleetDataProtection(makesKeys);
        services.AddSingleton<SigningSecrets>();
        services.AddSingleton<AccessCache>();
        services.AddSingleton(provider => new UserRights(provider.GetRequiredService<AccessCache>()));
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<KeyUse>();
        services.AddProblemDetails();
        services.AddHttpContextAccessor();
        services.AddIdentityCore<FleetUser>(Configure)
            .AddUserStore<FleetUserStore>()
            .AddSignInManager<FleetSignIn>()
            .AddPasswordValidator<OwnNameInPassword>()
            .AddDefaultTokenProviders();
        services.AddScoped<AccessTokens>();
        services.AddScoped<OneTimeCodes>();
        services.AddScoped<SignInCheck>();
        services.AddScoped<NewPeople>();
        services.AddScoped<PasswordResets>();
        var authentication = services.AddAuthentication(AccessSchemes.Any);
        authentication.AddPolicyScheme(AccessSchemes.Any, null, any => any.ForwardDefaultSelector = AccessSchemes.Choose);
        authentication.AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(AccessSchemes.Key, null);
        authentication.AddScheme<AuthenticationSchemeOptions, SignatureAuthentication>(AccessSchemes.Signature, null);
        authentication.AddBearerToken(IdentityConstants.BearerScheme);
        authentication.AddIdentityCookies();
        services.AddOptions<BearerTokenOptions>(IdentityConstants.BearerScheme).Configure<IOptions<AccessOptions>>((tokens, access) =>
        {
            tokens.BearerTokenExpiration = access.Value.TokenLifetime;
            tokens.RefreshTokenExpiration = access.Value.RefreshLifetime;
        });
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IOptions<AccessOptions>>((cookies, access) => Configure(cookies, access.Value));
        services.ConfigureAll<CookieAuthenticationOptions>(Harden);
        return services;
    }

    /// <summary>Strict headers and the gate. After whatever answers errors, before every endpoint.</summary>
    public static WebApplication UseFleetAccess(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseMiddleware<SecurityHeaders>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<AccessGate>();
        return app;
    }

    private static void Configure(IdentityOptions identity)
    {
        identity.User.RequireUniqueEmail = false;
        identity.Password.RequiredLength = ShortestPassword;
        identity.Password.RequiredUniqueChars = 5;

        // Length is what counts; rules about kinds of letters make people write passwords down.
        identity.Password.RequireDigit = false;
        identity.Password.RequireLowercase = false;
        identity.Password.RequireUppercase = false;
        identity.Password.RequireNonAlphanumeric = false;
        identity.Lockout.MaxFailedAccessAttempts = WrongPasswords;
        identity.Lockout.DefaultLockoutTimeSpan = LockedFor;
    }

    private static void Configure(CookieAuthenticationOptions cookies, AccessOptions access)
    {
        cookies.Cookie.Name = "fleet";
        cookies.ExpireTimeSpan = access.SessionLifetime;
        cookies.SlidingExpiration = true;

        // The gate reads the stamp of the user's row with every request: Identity need not look for itself.
        cookies.Events = new();
    }

    private static void Harden(CookieAuthenticationOptions cookies)
    {
        cookies.Cookie.HttpOnly = true;
        cookies.Cookie.SameSite = SameSiteMode.Lax;
        cookies.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookies.Cookie.IsEssential = true;
    }
}
