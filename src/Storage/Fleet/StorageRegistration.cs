using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Scaling;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Cameras;
using OrleansAiFleet.Storage.Deployments.Optimization;
using OrleansAiFleet.Storage.Deployments;
using OrleansAiFleet.Storage.Deployments.Destinations;
using OrleansAiFleet.Storage.Deployments.Scaling;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Metrics;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Rollouts;
using OrleansAiFleet.Storage.Rollouts.Experiments;
using OrleansAiFleet.Storage.Rollouts.Waves;
using OrleansAiFleet.Storage.Sites;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>What a host needs of PostgreSQL.</summary>
public static class StorageRegistration
{
    // Of Orleans' providers: the name of Npgsql in their queries.
    private const string Invariant = "Npgsql";

    /// <summary>
    /// The one <c>NpgsqlDataSource</c> (enums mapped), the EF context factory whose saves are audited, queries and stores.
    /// Connection string: <c>ConnectionStrings:Fleet</c>.
    /// </summary>
    public static IServiceCollection AddFleetStorage(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => FleetDataSource.Create(connectionString, provider.GetService<ILoggerFactory>()));
        services.AddPooledDbContextFactory<FleetContext>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), postgres => postgres.MapFleetEnums())
            .UseFleetConventions(provider));
        services.AddAudit();
        services.AddSingleton<DatabaseMigrator>();
        services.AddModelFiles();
        services.AddSingleton<CameraPlanMark>();
        services.AddSingleton<ICameraPlanReader, CameraPlanReader>();
        services.AddSingleton<IUnsettledWindowReader, UnsettledWindowReader>();
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<ModelUseReader>();
        services.AddSingleton<IModelUseReader>(provider => provider.GetRequiredService<ModelUseReader>());
        services.AddSingleton<IAliasFollowerReader>(provider => provider.GetRequiredService<ModelUseReader>());
        services.AddSingleton<ModelQueries>();
        services.AddSingleton<ModelTimeline>();
        services.AddSingleton<ModelFigureQueries>();
        services.AddSingleton<SiteQueries>();
        services.AddSingleton<IMaintenanceReader, MaintenanceReader>();
        services.AddSingleton<CameraQueries>();
        services.AddSingleton<CameraErasures>();
        services.AddSingleton<DeploymentQueries>();
        services.AddSingleton<IDeploymentFactsReader, DeploymentFactsReader>();
        services.AddSingleton<IDeploymentScheduleReader, DeploymentScheduleReader>();
        services.AddSingleton<DestinationTargets>();
        services.AddSingleton<DestinationQueries>();
        services.AddSingleton<DestinationLeases>();
        services.AddSingleton<DetectionOutbox>();
        services.AddSingleton<OutboxUpkeep>();
        services.AddSingleton<ScaledDeploymentReader>();
        services.AddSingleton<IScalingStore, ScalingStore>();
        services.AddSingleton<ScalingQueries>();
        services.AddSingleton<RolloutQueries>();
        services.AddSingleton<IRolloutReader>(provider => provider.GetRequiredService<RolloutQueries>());
        services.AddSingleton<TrialStore>();
        services.AddSingleton<ITrialReader>(provider => provider.GetRequiredService<TrialStore>());
        services.AddSingleton<ITrialWriter>(provider => provider.GetRequiredService<TrialStore>());
        services.AddSingleton<FleetRolloutQueries>();
        services.AddSingleton<IFleetRolloutReader, FleetRolloutReader>();
        services.AddSingleton<OptimizationQueries>();
        services.AddSingleton<IOptimizationReader>(provider => provider.GetRequiredService<OptimizationQueries>());
        services.AddSingleton<ExperimentQueries>();
        services.AddSingleton<IExperimentReader>(provider => provider.GetRequiredService<ExperimentQueries>());
        services.AddSingleton<MetricsQueries>();
        services.AddSingleton<DetectionQueries>();
        services.AddSingleton(provider => new DetectionMarks(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddAccess();
        return services;
    }

    /// <summary>What every context of the fleet's database has in common: names in snake case, saves that are audited.</summary>
    internal static DbContextOptionsBuilder UseFleetConventions(this DbContextOptionsBuilder options, IServiceProvider services) =>
        options.UseSnakeCaseNamingConvention().UseAudit(services)

            // EF keeps what it makes for each data source; a process has one, a test run has many.
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.ManyServiceProvidersCreatedWarning));

    /// <summary>
    /// Orleans over the shared data source: clustering, reminders, AdoNet storage as default, and the <c>fleet</c>
    /// provider. Needs <see cref="AddFleetStorage"/> and a migrated database when the silo starts.
    /// </summary>
    public static ISiloBuilder UseFleetPostgres(this ISiloBuilder silo)
    {
        silo.UseAdoNetClustering(options => options.Configure<NpgsqlDataSource>((clustering, database) =>
        {
            clustering.Invariant = Invariant;
            clustering.DataSource = database;
        }));
        silo.UseAdoNetReminderService(options => options.Configure<NpgsqlDataSource>((reminders, database) =>
        {
            reminders.Invariant = Invariant;
            reminders.DataSource = database;
        }));
        silo.AddAdoNetGrainStorageAsDefault(options => options.Configure<NpgsqlDataSource>((storage, database) =>
        {
            storage.Invariant = Invariant;
            storage.DataSource = database;
        }));
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.Services.AddKeyedSingleton<IGrainStorage>(
            StateNames.Provider, (services, _) => ActivatorUtilities.CreateInstance<FleetGrainStorage>(services));
        return silo;
    }

    /// <summary>Orleans client over the shared data source. Needs <see cref="AddFleetStorage"/>.</summary>
    public static IClientBuilder UseFleetPostgres(this IClientBuilder client) =>
        client.UseAdoNetClustering(options => options.Configure<NpgsqlDataSource>((clustering, database) =>
        {
            clustering.Invariant = Invariant;
            clustering.DataSource = database;
        }));
}
