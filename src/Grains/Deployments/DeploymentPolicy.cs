using System.Text.Json;

using OrleansAiFleet.Cameras;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Rollouts;
using OrleansAiFleet.Rollouts.Analysis;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Deployments;

/// <summary>What a row of <c>model_deployments</c> must look like to be taken. Pure.</summary>
internal static partial class DeploymentPolicy
{
    /// <summary>Most cameras that one deployment may look at: each is looked up before it is taken.</summary>
    public const int MaximumCameras = 1000;

    // A day: a camera that is looked at less often is not watched.
    public const int LongestInterval = 86_400;

    /// <summary>What is wrong with the row itself, or null.</summary>
    public static Refusal? Judge(Guid key, Deployment deployment) => Refusal.First(
        Field.Key(key, deployment.Id),
        Field.Required("deployment_name", deployment.DeploymentName, 255),
        Field.Named("deployment_type", deployment.DeploymentType),
        Field.Named("priority_level", deployment.PriorityLevel),
        Strategy(deployment),
        DeploymentSchedule.Judge(deployment),
        GradualRollout.Judge(deployment),
        Parameters(deployment),
        Scaling(deployment),
        Sources(deployment.InputSources),
        Texts(deployment));

    /// <summary>What is wrong with it given what it names, or null.</summary>
    /// <param name="deployment">The row, itself in order.</param>
    /// <param name="model">What its model id names, or null.</param>
    /// <param name="site">What its site id names, or null.</param>
    /// <param name="cameras">What its input sources name, in their order.</param>
    public static Refusal? Judge(Deployment deployment, AiModel? model, Site? site, IReadOnlyList<Camera?> cameras)
    {
        if (model is null)
        {
            return Refusal.NotFound("model_id", $"There is no model {deployment.ModelId:D}.");
        }

        if (string.IsNullOrWhiteSpace(model.ModelFilePath) || model.Configuration is null)
        {
            return Refusal.Invalid(
                "model_id", $"Model {model.Name} {model.Version} has no file or no configuration stored; register it with both.");
        }

        if (deployment.BatchSize > (model.BatchSizeMax ?? int.MaxValue))
        {
            return Refusal.Invalid(
                "batch_size", $"batch_size is {deployment.BatchSize}; the model takes at most {model.BatchSizeMax}.");
        }

        return Refusal.First(
            Release(deployment, model),
            PipelinePolicy.Judge(deployment, model),
            site is null ? Refusal.NotFound("site_id", $"There is no site {deployment.SiteId:D}.") : null,
            Cameras(deployment, cameras));
    }

    /// <summary>Whether it is a trial: run and measured, and nobody relies on it.</summary>
    public static bool IsTrial(DeploymentType type) => type.IsTrial();

    /// <summary>The row at another version of its model; what the version cannot do is brought down to what it can.</summary>
    public static Deployment Switch(Deployment deployment, AiModel model, DateTimeOffset now) => deployment with
    {
        RollbackModelId = deployment.ModelId,
        ModelId = model.Id,
        BatchSize = Math.Min(deployment.BatchSize, model.BatchSizeMax ?? int.MaxValue),
        UpdatedAt = now,
    };

    // Trying a version out is how it gets approved.
    private static Refusal? Release(Deployment deployment, AiModel model)
    {
        if (model.Status is ModelStatus.Archived or ModelStatus.Deprecated)
        {
            return Refusal.Conflict(
                "model_id", $"{model.Name} {model.Version} is {(model.Status == ModelStatus.Archived ? "archived" : "deprecated")}: take another version.");
        }

        return IsTrial(deployment.DeploymentType) || ModelLifecycle.IsReleased(model)
            ? null
            : Refusal.Conflict(
                "model_id",
                $"{model.Name} {model.Version} is not approved: have it approved, or deploy it with deployment_type testing or staging.");
    }

    /// <summary>The row as a request gives it: what only the fleet can know is taken out of it.</summary>
    public static Deployment AsAsked(Deployment deployment) => Rounded(deployment) with
    {
        DeploymentStatus = DeploymentStatus.Pending,
        DeployedAt = null,
        LastHealthCheck = null,
        NextMaintenanceWindow = null,
        CreatedAt = default,
        UpdatedAt = default,
        ApiKey = null,
    };

    /// <summary>The row with its values as the database keeps them.</summary>
    public static Deployment Rounded(Deployment deployment) => deployment with
    {
        ConfidenceThreshold = deployment.ConfidenceThreshold.Rounded(2),
        AllocatedGpuMemoryGb = deployment.AllocatedGpuMemoryGb.Rounded(2),
        AllocatedRamGb = deployment.AllocatedRamGb.Rounded(2),
        ScheduledStartTime = deployment.ScheduledStartTime.Stored(),
        ScheduledEndTime = deployment.ScheduledEndTime.Stored(),
        NextMaintenanceWindow = deployment.NextMaintenanceWindow.Stored(),
        ScaleUpThreshold = deployment.ScaleUpThreshold.Rounded(2),
        ScaleDownThreshold = deployment.ScaleDownThreshold.Rounded(2),
        PerformanceAlertThreshold = deployment.PerformanceAlertThreshold.Rounded(2),
        ErrorRateAlertThreshold = deployment.ErrorRateAlertThreshold.Rounded(2),
    };

    /// <summary>Whether both ask for the same deployment, whoever asks and however far it has come.</summary>
    /// <remarks>Where it follows an alias, the version it came to is not what was asked.</remarks>
    public static bool Same(Deployment left, Deployment right) => RowEquality.Same(
        AsAsked(left),
        AsAsked(left.ModelAlias is not null && left.ModelAlias == right.ModelAlias
            ? right with { DeployedBy = left.DeployedBy, ModelId = left.ModelId, RollbackModelId = left.RollbackModelId, BatchSize = left.BatchSize }
            : right with { DeployedBy = left.DeployedBy }));

    private static Refusal? Strategy(Deployment deployment) => Field.Named("deployment_strategy", deployment.DeploymentStrategy)
        ?? (deployment.DeploymentStrategy == DeploymentStrategy.OnDemand && deployment.InputSources is not null
            ? Refusal.Invalid("input_sources", "A deployment on_demand looks at no camera, at pictures that are sent to it alone: leave input_sources out.")
            : null);

    private static Refusal? Parameters(Deployment deployment) => Refusal.First(
        Field.Number("confidence_threshold", deployment.ConfidenceThreshold, 0, 1),
        Field.Whole("batch_size", deployment.BatchSize, 1),
        Field.Whole("processing_interval_seconds", deployment.ProcessingIntervalSeconds, 0, LongestInterval),
        Field.Whole("max_concurrent_requests", deployment.MaxConcurrentRequests, 1),
        Field.Whole("timeout_seconds", deployment.TimeoutSeconds, 1),
        Field.Number("allocated_gpu_memory_gb", deployment.AllocatedGpuMemoryGb, 0, 9_999.99m),
        Field.Whole("allocated_cpu_cores", deployment.AllocatedCpuCores, 1),
        Field.Number("allocated_ram_gb", deployment.AllocatedRamGb, 0, 9_999.99m),
        Field.Number("performance_alert_threshold", deployment.PerformanceAlertThreshold, 0, 100),
        Field.Number("error_rate_alert_threshold", deployment.ErrorRateAlertThreshold, 0, 100),
        Field.Whole("rate_limit_requests_per_minute", deployment.RateLimitRequestsPerMinute, 1));

    private static Refusal? Scaling(Deployment deployment) => Refusal.First(
        Field.Whole("min_instances", deployment.MinInstances, 1),
        Field.Whole("max_instances", deployment.MaxInstances, deployment.MinInstances),
        Field.Number("scale_up_threshold", deployment.ScaleUpThreshold, 0, 100),
        Field.Number("scale_down_threshold", deployment.ScaleDownThreshold, 0, 100),
        deployment.ScaleDownThreshold < deployment.ScaleUpThreshold
            ? null
            : Refusal.Invalid("scale_down_threshold", "scale_down_threshold must be below scale_up_threshold."));

    private static Refusal? Texts(Deployment deployment) => Refusal.First(
        Field.Text("deployment_notes", deployment.DeploymentNotes),
        Field.Text("model_alias", deployment.ModelAlias, 50),
        Field.Text("license_override", deployment.LicenseOverride, 2000),
        Limits(deployment.ResourceLimits),
        PipelinePolicy.Judge(deployment),
        Triggers(deployment.RollbackTriggerConditions),
        Users(deployment.AuthorizedUsers));

    private static Refusal? Limits(JsonText? given)
    {
        const string field = "resource_limits";
        try
        {
            return given?.To<ResourceLimits>() is not { } limits ? null : Refusal.First(
                Field.Number($"{field}.gpu_memory_gb", limits.GpuMemoryGb, 0.01m, 1_000_000),
                Field.Number($"{field}.ram_gb", limits.RamGb, 0.01m, 1_000_000),
                Field.Whole($"{field}.cpu_cores", limits.CpuCores, 1));
        }
        catch (JsonException)
        {
            return Refusal.Invalid(field, $"{field} is an object of gpu_memory_gb, ram_gb and cpu_cores, each a number or left out.");
        }
    }

    private static Refusal? Triggers(JsonText? conditions)
    {
        const string field = "rollback_trigger_conditions";
        if (conditions is null)
        {
            return null;
        }

        try
        {
            return conditions.Value.To<AnalysisMetric[]>() is { } metrics
                ? AnalysisCheck.Judge(field, metrics)
                : Refusal.Invalid(field, $"{field} is a list of metrics; leave it out to have none.");
        }
        catch (JsonException problem)
        {
            return Refusal.Invalid(field, $"{field} is a list of metrics as the analysis of a rollout has them: {problem.Message}");
        }
    }

    // Absent, it means every camera that the site has or gets.
    private static Refusal? Sources(Guid[]? sources)
    {
        if (sources is null)
        {
            return null;
        }

        if (sources.Length == 0)
        {
            return Refusal.Invalid(
                "input_sources", "input_sources must name a camera; leave it out to look at all cameras of the site.");
        }

        if (sources.Length > MaximumCameras)
        {
            return Refusal.Invalid("input_sources", $"input_sources names {sources.Length} cameras; at most {MaximumCameras} are possible.");
        }

        return sources.Distinct().Count() == sources.Length
            ? null
            : Refusal.Invalid("input_sources", "input_sources names a camera twice.");
    }

    private static Refusal? Cameras(Deployment deployment, IReadOnlyList<Camera?> cameras)
    {
        for (var i = 0; i < cameras.Count; i++)
        {
            if (cameras[i] is not { } camera)
            {
                return Refusal.NotFound("input_sources", $"There is no camera {deployment.InputSources![i]:D}.");
            }

            if (camera.SiteId != deployment.SiteId)
            {
                return Refusal.Invalid("input_sources", $"Camera {camera.Id:D} belongs to another site.");
            }
        }

        return null;
    }
}
