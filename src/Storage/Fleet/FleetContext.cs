using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Deployments.Optimization;
using OrleansAiFleet.Evaluations;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Experiments;
using OrleansAiFleet.Rollouts.Waves;
using OrleansAiFleet.Sites;
using OrleansAiFleet.Storage.Cameras;
using OrleansAiFleet.Training;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>The rows of the registry, typed column by typed column. Migrations make the tables, not this.</summary>
public sealed class FleetContext(DbContextOptions<FleetContext> options) : DbContext(options)
{
    /// <summary>Changes with every write of a row; read along, never set.</summary>
    internal const string RowVersion = "xmin";

    public DbSet<Site> Sites => Set<Site>();

    public DbSet<Camera> Cameras => Set<Camera>();

    public DbSet<AiModel> Models => Set<AiModel>();

    public DbSet<ModelAlias> ModelAliases => Set<ModelAlias>();

    public DbSet<ModelCategory> ModelCategories => Set<ModelCategory>();

    public DbSet<Deployment> Deployments => Set<Deployment>();

    public DbSet<Rollout> Rollouts => Set<Rollout>();

    public DbSet<MaintenanceMode> MaintenanceModes => Set<MaintenanceMode>();

    public DbSet<FleetRollout> FleetRollouts => Set<FleetRollout>();

    public DbSet<FleetRolloutSite> FleetRolloutSites => Set<FleetRolloutSite>();

    public DbSet<Experiment> Experiments => Set<Experiment>();

    public DbSet<PerformanceOptimization> Optimizations => Set<PerformanceOptimization>();

    public DbSet<PerformanceMetrics> Metrics => Set<PerformanceMetrics>();

    public DbSet<TrainingJob> TrainingJobs => Set<TrainingJob>();

    public DbSet<Erasure> Erasures => Set<Erasure>();

    public DbSet<EvaluationResult> Evaluations => Set<EvaluationResult>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConversion>();
        configurationBuilder.Properties<JsonText>().HaveConversion<JsonTextConversion>().HaveColumnType("jsonb");
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var sites = Map<Site>(modelBuilder, "sites");
        sites.Property(site => site.DeployedModels).IsJsonArray();
        sites.Property(site => site.MaintenanceWindows).IsJsonArray();
        Map<MaintenanceMode>(modelBuilder, "maintenance_modes");
        Map<Camera>(modelBuilder, "cameras");
        Map<Erasure>(modelBuilder, "erasures");
        var models = Map<AiModel>(modelBuilder, "ai_models");
        models.Property(model => model.OutputClasses).IsOptionalJsonArray();
        models.Property(model => model.Decisions).IsJsonArray();
        models.Property(model => model.AttachedFiles).IsJsonArray();
        models.Property(model => model.BaselineF1Score).HasColumnName("baseline_f1_score");
        Map<ModelAlias>(modelBuilder, "model_aliases");
        var categories = Map<ModelCategory>(modelBuilder, "model_categories");
        categories.Property(category => category.DefaultClasses).IsJsonArray();
        categories.Property(category => category.KnownPositiveClasses).IsJsonArray();
        Map<Deployment>(modelBuilder, "model_deployments")
            .Property(deployment => deployment.InputSources).IsOptionalJsonArray();
        var rollouts = Map<Rollout>(modelBuilder, "rollouts");
        rollouts.Property(rollout => rollout.Steps).IsJsonArray();
        rollouts.Property(rollout => rollout.Progress).IsJson();
        rollouts.Property(rollout => rollout.CameraOrder).IsJsonArray();
        rollouts.Property(rollout => rollout.CandidateCameras).IsJsonArray();
        rollouts.Property(rollout => rollout.Decisions).IsJsonArray();
        rollouts.Property(rollout => rollout.Analysis).IsJsonArray();
        rollouts.Property(rollout => rollout.ShadowCameras).IsJsonArray();
        rollouts.Property(rollout => rollout.StepRun).IsOptionalJson();
        rollouts.Property(rollout => rollout.BackgroundRun).IsOptionalJson();
        MapFleetRollouts(modelBuilder);
        var experiments = Map<Experiment>(modelBuilder, "experiments");
        experiments.Property(experiment => experiment.Plan).IsJson();
        experiments.Property(experiment => experiment.Progress).IsJson();
        experiments.Property(experiment => experiment.Standing).IsJson();
        var optimizations = Map<PerformanceOptimization>(modelBuilder, "performance_optimizations");
        optimizations.Property(search => search.Wish).IsJson();
        optimizations.Property(search => search.Progress).IsJson();
        optimizations.Property(search => search.Standing).IsJson();
        MapMetrics(Map<PerformanceMetrics>(modelBuilder, "model_performance_metrics"));
        Map<TrainingJob>(modelBuilder, "model_training_jobs");
        MapEvaluations(Map<EvaluationResult>(modelBuilder, "model_evaluation_results"));
    }

    private static EntityTypeBuilder<T> Map<T>(ModelBuilder modelBuilder, string table)
        where T : class
    {
        var row = modelBuilder.Entity<T>().ToTable(table);
        row.HasKey("Id");
        row.Property("Id").ValueGeneratedNever();
        row.Property<uint>(RowVersion).IsRowVersion();

        // A time that nobody set is the database's.
        foreach (var property in row.Metadata.GetProperties().Where(property => property.ClrType == typeof(DateTimeOffset)))
        {
            property.ValueGenerated = ValueGenerated.OnAdd;
            property.SetDefaultValueSql("CURRENT_TIMESTAMP");
        }

        return row;
    }

    private static void MapFleetRollouts(ModelBuilder modelBuilder)
    {
        var rollouts = Map<FleetRollout>(modelBuilder, "fleet_rollouts");
        rollouts.Property(rollout => rollout.Template).IsJson();
        rollouts.Property(rollout => rollout.Waves).IsJsonArray();
        rollouts.Property(rollout => rollout.FailurePolicy).IsJson();
        rollouts.Property(rollout => rollout.Progress).IsJson();
        rollouts.Property(rollout => rollout.Decisions).IsJsonArray();

        // Written with the row of their fleet rollout, whose version goes for them.
        var sites = Map<FleetRolloutSite>(modelBuilder, "fleet_rollout_sites");
        sites.Property<uint>(RowVersion).HasColumnType("xid").IsConcurrencyToken(false);
        sites.Property(site => site.Since).Metadata.ValueGenerated = ValueGenerated.Never;
        sites.Property(site => site.Cameras).IsOptionalJsonArray();
        sites.HasOne<FleetRollout>().WithMany().HasForeignKey(site => site.FleetRolloutId);
    }

    // Where a figure stands within a name, the convention does not find the customer's underscore.
    private static void MapMetrics(EntityTypeBuilder<PerformanceMetrics> row)
    {
        row.Property(metrics => metrics.F1Score).HasColumnName("f1_score");
        row.Property(metrics => metrics.InferenceTimeP95Ms).HasColumnName("inference_time_p95_ms");
        row.Property(metrics => metrics.LatencyP95Ms).HasColumnName("latency_p95_ms");
    }

    private static void MapEvaluations(EntityTypeBuilder<EvaluationResult> row)
    {
        row.Property(result => result.OverallF1Score).HasColumnName("overall_f1_score");
        row.Property(result => result.MicroF1Score).HasColumnName("micro_f1_score");
        row.Property(result => result.MacroF1Score).HasColumnName("macro_f1_score");
        row.Property(result => result.WeightedF1Score).HasColumnName("weighted_f1_score");
        row.Property(result => result.MeanAveragePrecision50).HasColumnName("mean_average_precision_50");
        row.Property(result => result.MeanAveragePrecision75).HasColumnName("mean_average_precision_75");
        row.Property(result => result.MeanAveragePrecision5095).HasColumnName("mean_average_precision_50_95");
        row.Property(result => result.AverageRecall100).HasColumnName("average_recall_100");
        row.Property(result => result.AverageRecall300).HasColumnName("average_recall_300");
        row.Property(result => result.AverageRecall1000).HasColumnName("average_recall_1000");
    }
}
