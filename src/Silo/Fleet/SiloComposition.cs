using Orleans.Dashboard;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>What makes a silo a control silo.</summary>
internal static partial class SiloComposition
{
    /// <summary>The control-plane grains with what they need of this process.</summary>
    public static void AddControlPlane(ISiloBuilder silo) => AddRowReader(silo.Services);

    /// <summary>The API's lists out of the database.</summary>
    static partial void AddRowReader(IServiceCollection services);

    /// <summary>The Orleans Dashboard at <c>/orleans</c>.</summary>
    public static WebApplication MapFleetDashboard(this WebApplication app)
    {
        app.MapOrleansDashboard("/orleans");
        return app;
    }
}
