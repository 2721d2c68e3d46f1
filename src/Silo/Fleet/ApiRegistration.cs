using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

using OrleansAiFleet.Access;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Hosting.Access;
using OrleansAiFleet.Silo.Access;
using OrleansAiFleet.Silo.Audit;
using OrleansAiFleet.Silo.Cameras;
using OrleansAiFleet.Silo.Deployments.Optimization;
using OrleansAiFleet.Silo.Deployments;
using OrleansAiFleet.Silo.Deployments.Destinations;
using OrleansAiFleet.Silo.Deployments.Scaling;
using OrleansAiFleet.Silo.Detections;
using OrleansAiFleet.Silo.Inference;
using OrleansAiFleet.Silo.Metrics;
using OrleansAiFleet.Silo.Models;
using OrleansAiFleet.Silo.Models.Packages;
using OrleansAiFleet.Silo.Rollouts;
using OrleansAiFleet.Silo.Rollouts.Experiments;
using OrleansAiFleet.Silo.Rollouts.Waves;
using OrleansAiFleet.Silo.Sites;

using Scalar.AspNetCore;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>The REST API as a whole.</summary>
internal static class ApiRegistration
{
    /// <summary>JSON names, validation, errors and documentation of the API.</summary>
    public static IServiceCollection AddFleetApi(this IServiceCollection services)
    {
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ApiOptions>>(
            (kestrel, api) => kestrel.Limits.MaxRequestBodySize = api.Value.MaxRequestBytes);
        services.ConfigureHttpJsonOptions(json => FleetJson.Configure(json.SerializerOptions));

        // A request that cannot be read is answered like every other refusal, in every environment.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemAnswers.Complete);
        services.AddExceptionHandler<ProblemAnswers>();
        services.AddValidation();
        services.AddOpenApi("v1", ApiDocument.Describe);
        services.AddModels();
        services.AddModelPackages();
        services.AddAccessApi();
        services.AddDeployments();
        services.AddSingleton<LiveEvents>();
        services.AddInferenceApi();
        services.AddDestinationSenders();
        return services;
    }

    /// <summary>The API with its documentation, behind the gate.</summary>
    public static WebApplication MapFleetApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseFleetAccess();
        app.UseMiddleware<IdempotencyKeys>();
        return app.MapFleetEndpoints();
    }

    /// <summary>Every endpoint of the API and its documentation.</summary>
    public static WebApplication MapFleetEndpoints(this WebApplication app)
    {
        app.MapAccess();
        app.MapModels();
        app.MapModelPackages();
        app.MapModelLifecycle();
        app.MapModelVersions();
        app.MapModelCategories();
        app.MapModelInsights();
        app.MapModelFiles();
        app.MapModelUploads();
        app.MapSites();
        app.MapMaintenance();
        app.MapCameras();
        app.MapErasures();
        app.MapDeployments();
        app.MapDeploymentEvents();
        app.MapRollouts();
        app.MapRollback();
        app.MapExperiments();
        app.MapOptimizations();
        app.MapFleetRollouts();
        app.MapDeploymentAccess();
        app.MapDestinations();
        app.MapScaling();
        app.MapInference();
        app.MapMetrics();
        app.MapDetections();
        app.MapDetectionMarks();
        app.MapHealth();
        app.MapAudit();
        app.MapOpenApi().RequireAccess(AccessAction.UseApi);
        app.MapScalarApiReference("/docs", ApiDocument.Show).RequireAccess(AccessAction.UseApi).AnswersWithPage(ApiDocument.Policy);
        app.MapGet("/", () => TypedResults.LocalRedirect("/docs")).ExcludeFromDescription().RequireAccess(AccessAction.UseApi);
        return app;
    }
}
