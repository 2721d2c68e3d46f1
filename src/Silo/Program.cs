using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Silo.Fleet;

await WebApplication.CreateBuilder(args).BuildSilo().RunFleetAsync();
