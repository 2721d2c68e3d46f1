using MudBlazor.Services;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.WebAdmin.Access;
using OrleansAiFleet.WebAdmin.Cameras;
using OrleansAiFleet.WebAdmin.Fleet;

namespace OrleansAiFleet.WebAdmin;

/// <summary>The console as a process.</summary>
internal static class ConsoleHost
{
    /// <summary>The host with the console's pages, health and metrics, ready to run.</summary>
    public static WebApplication BuildConsole(this WebApplicationBuilder builder)
    {
        builder.AddFleet(FleetRole.Console);
        builder.UseFleetClient();

        // Outside Development the files of packages are found only so, until the console is published.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSingleton<ISystemHealthReader, SystemHealthReader>();
        builder.Services.AddConsoleAccess(builder.Configuration);
        builder.Services.AddMudServices().AddRazorComponents().AddInteractiveServerComponents();

        var app = builder.Build();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseFleetAccess();
        app.UseAntiforgery();
        app.MapStaticAssets().OpenToAll();
        app.MapFleet();
        app.MapLivePictures();
        app.MapSignOut();
        app.MapSingleSignOn();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAccessOfEveryPage().AnswerWithPages(app.Services);
        return app;
    }
}
