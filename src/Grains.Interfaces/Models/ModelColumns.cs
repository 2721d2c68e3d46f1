using System.Collections.Frozen;

namespace OrleansAiFleet.Models;

/// <summary>Whose the columns of <c>ai_models</c> are.</summary>
public static class ModelColumns
{
    /// <summary>Columns that can be changed at any time.</summary>
    public static FrozenSet<string> Free { get; } = FrozenSet.Create(
        "description", "framework", "architecture", "author", "organization", "documentation_url",
        "training_dataset_info", "training_images_count", "validation_images_count", "test_images_count",
        "training_duration_hours", "training_completed_date", "training_compute_cost",
        "batch_size_optimal", "memory_requirement_gb",
        "baseline_accuracy", "baseline_precision", "baseline_recall", "baseline_f1_score", "confidence_threshold_default",
        "min_gpu_memory_gb", "recommended_gpu_models", "cpu_cores_required", "ram_requirement_gb", "storage_requirement_gb",
        "network_bandwidth_mbps",
        "license_type", "license_restrictions", "compliance_certifications", "regulatory_approvals", "export_restrictions",
        "intellectual_property_notes", "license_expires_at", "license_seats",
        "dependency_requirements", "framework_version", "python_version_min", "cuda_version_required", "compatibility_notes",
        "changelog");

    /// <summary>Columns that say what the version is: until somebody has approved it.</summary>
    public static FrozenSet<string> BeforeApproval { get; } = FrozenSet.Create("model_type", "category");

    /// <summary>Columns that validation fills. Whoever uploads may say them too: then both must agree.</summary>
    public static FrozenSet<string> Found { get; } = FrozenSet.Create(
        "input_resolution_width", "input_resolution_height", "input_channels", "output_classes", "batch_size_max");
}
