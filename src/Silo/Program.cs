using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Silo.Fleet;

var builder = WebApplication.CreateBuilder(args);
builder.AddFleet(FleetRole.Silo);
builder.Services.AddDatabaseMigration().AddFleetApi();
builder.UseFleetSilo(SiloComposition.AddControlSilo);

var app = builder.Build();
app.MapFleetApi();
app.MapFleetDashboard();
app.MapFleet();
await app.RunFleetAsync();
