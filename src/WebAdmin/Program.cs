using MudBlazor.Services;

using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.WebAdmin;
using OrleansAiFleet.WebAdmin.Access;
using OrleansAiFleet.WebAdmin.Cameras;
using OrleansAiFleet.WebAdmin.Fleet;

var builder = WebApplication.CreateBuilder(args);
builder.AddFleet(FleetRole.Console);
builder.UseFleetClient();

// Outside Development the files of packages are found only so, until the console is published.
builder.WebHost.UseStaticWebAssets();
builder.Services.AddSingleton<ISystemHealthReader, SystemHealthReader>();
builder.Services.AddConsoleAccess();
builder.Services.AddMudServices().AddRazorComponents().AddInteractiveServerComponents();

var app = builder.Build();
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseFleetAccess();
app.UseAntiforgery();
app.MapStaticAssets().OpenToAll();
app.MapFleet();
app.MapLivePictures();
app.MapSignOut();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAccessOfEveryPage().AnswerWithPages(app.Services);
await app.RunFleetAsync();
