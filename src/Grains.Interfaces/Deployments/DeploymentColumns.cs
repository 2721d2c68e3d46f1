using System.Collections.Frozen;

namespace OrleansAiFleet.Deployments;

/// <summary>Whose the columns of <c>model_deployments</c> are.</summary>
public static class DeploymentColumns
{
    /// <summary>Columns that can be changed while the deployment is at work. Others are the fleet's, or another request changes them.</summary>
    public static FrozenSet<string> Free { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "deployment_name", "confidence_threshold", "batch_size", "timeout_seconds", "processing_interval_seconds", "input_sources", "priority_level",
        "scheduled_start_time", "scheduled_end_time", "preprocessing_pipeline", "postprocessing_pipeline",
        "auto_scaling_enabled", "min_instances", "max_instances", "scale_up_threshold", "scale_down_threshold",
        "allocated_gpu_memory_gb", "allocated_cpu_cores", "allocated_ram_gb", "resource_limits",
        "monitoring_enabled", "alert_on_errors", "alert_on_performance_degradation", "performance_alert_threshold", "error_rate_alert_threshold",
        "rollback_enabled", "rollback_model_id", "rollback_trigger_conditions",
        "max_concurrent_requests", "rate_limit_requests_per_minute", "api_access_enabled", "authorized_users", "deployment_notes");
}
