using OrleansAiFleet.Hosting.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>The control silo as a process.</summary>
internal static class SiloHost
{
    /// <summary>The host with the API, the dashboard, health and metrics, ready to run.</summary>
    public static WebApplication BuildSilo(this WebApplicationBuilder builder)
    {
        builder.AddFleet(FleetRole.Silo);
        builder.Services.AddDatabaseMigration().AddFleetApi();
        builder.UseFleetSilo(SiloComposition.AddControlSilo);

        var app = builder.Build();
        app.MapFleetApi();
        app.MapFleetDashboard();
        app.MapFleet();
        return app;
    }
}
