using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Sites;

namespace OrleansAiFleet.Silo.Deployments;

/// <summary>The row of a requested deployment: what was left out is taken from the model. Pure.</summary>
internal static class DeploymentRow
{
    /// <param name="asked">The request.</param>
    /// <param name="model">The version that it names.</param>
    /// <param name="timeZone">The site's, for times without an offset.</param>
    /// <param name="deployedBy">Who asks.</param>
    public static Deployment From(DeployToSite asked, AiModel model, string timeZone, Guid deployedBy) => new()
    {
        Id = asked.Id ?? Guid.CreateVersion7(),
        ModelId = model.Id,
        SiteId = asked.SiteId.GetValueOrDefault(),
        DeploymentName = asked.DeploymentName,
        InputSources = asked.InputSources,
        ConfidenceThreshold = asked.ConfidenceThreshold ?? model.ConfidenceThresholdDefault,
        BatchSize = asked.BatchSize ?? model.BatchSizeOptimal ?? 1,
        DeploymentType = asked.DeploymentType,
        DeploymentStrategy = asked.DeploymentStrategy,
        ScheduledStartTime = SiteClock.Parse("scheduled_start_time", asked.ScheduledStartTime, timeZone),
        ScheduledEndTime = SiteClock.Parse("scheduled_end_time", asked.ScheduledEndTime, timeZone),
        PreviousDeploymentId = asked.PreviousDeploymentId,
        AutoScalingEnabled = asked.AutoScalingEnabled,
        MinInstances = asked.MinInstances,
        MaxInstances = asked.MaxInstances,
        ScaleUpThreshold = asked.ScaleUpThreshold,
        ScaleDownThreshold = asked.ScaleDownThreshold,
        AllocatedGpuMemoryGb = asked.AllocatedGpuMemoryGb,
        AllocatedCpuCores = asked.AllocatedCpuCores,
        AllocatedRamGb = asked.AllocatedRamGb,
        ResourceLimits = asked.ResourceLimits,
        PriorityLevel = asked.PriorityLevel,
        TimeoutSeconds = asked.TimeoutSeconds,
        ProcessingIntervalSeconds = asked.ProcessingIntervalSeconds,
        PreprocessingPipeline = asked.PreprocessingPipeline,
        PostprocessingPipeline = asked.PostprocessingPipeline,
        DeploymentNotes = asked.DeploymentNotes,
        ModelAlias = asked.ModelAlias,
        LicenseOverride = string.IsNullOrWhiteSpace(asked.LicenseOverride) ? null : asked.LicenseOverride,
        ApiAccessEnabled = asked.ApiAccessEnabled,
        AuthorizedUsers = asked.AuthorizedUsers is null ? null : JsonText.From(asked.AuthorizedUsers),
        MaxConcurrentRequests = asked.MaxConcurrentRequests,
        RateLimitRequestsPerMinute = asked.RateLimitRequestsPerMinute,
        MonitoringEnabled = asked.MonitoringEnabled,
        AlertOnErrors = asked.AlertOnErrors,
        AlertOnPerformanceDegradation = asked.AlertOnPerformanceDegradation,
        PerformanceAlertThreshold = asked.PerformanceAlertThreshold,
        ErrorRateAlertThreshold = asked.ErrorRateAlertThreshold,
        RollbackEnabled = asked.RollbackEnabled,
        RollbackModelId = asked.RollbackModelId,
        RollbackTriggerConditions = asked.RollbackTriggerConditions,
        OutputDestinations = asked.OutputDestinations,
        DeployedBy = deployedBy,
    };
}
