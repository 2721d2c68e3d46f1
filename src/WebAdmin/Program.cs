using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.WebAdmin;

await WebApplication.CreateBuilder(args).BuildConsole().RunFleetAsync();
