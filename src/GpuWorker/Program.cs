using OrleansAiFleet.GpuWorker.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Fleet;

var builder = WebApplication.CreateBuilder(args);
builder.AddFleet(FleetRole.Worker);
builder.Services.AddDatabaseWait();
builder.AddWorker();

var app = builder.Build();
app.UseFleetAccess();
app.MapFleet();
await app.RunFleetAsync();
