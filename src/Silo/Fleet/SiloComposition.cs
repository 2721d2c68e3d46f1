using Orleans.Dashboard;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Hosting.Inference;
using OrleansAiFleet.Silo.Access;
using OrleansAiFleet.Silo.Audit;
using OrleansAiFleet.Silo.Deployments.Destinations;
using OrleansAiFleet.Silo.Inference;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>What makes a silo a control silo.</summary>
internal static class SiloComposition
{
    /// <summary>The control-plane grains with what they need of this process, and the API's lists out of the database.</summary>
    public static void AddControlSilo(ISiloBuilder silo) => silo.Services
        .AddControlPlane()
        .AddInferenceServiceClient()
        .AddDataRetention()
        .AddDestinationDispatch()
        .AddModelFileUpkeep()
        .AddHostedService<FirstUsers>()
        .AddHostedService<PlainCredentials>()
        .AddAuditHeadLog()
        .AddPictureRouter()
        .AddSingleton<IRowReader, StoredRows>()
        .AddSingleton<IModelReader, StoredModelReader>()
        .AddSingleton<IAuditReader, StoredAudit>();

    /// <summary>The Orleans Dashboard at <c>/orleans</c>.</summary>
    public static WebApplication MapFleetDashboard(this WebApplication app)
    {
        app.MapOrleansDashboard("/orleans").RequireAccess(AccessAction.OpenDashboard).AnswersWithPage(ContentPolicy.Page);
        return app;
    }
}
