using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using Microsoft.AspNetCore.Mvc;

using OrleansAiFleet.Models;
using OrleansAiFleet.Silo.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Which model versions are wanted, and in which order.</summary>
public sealed record ModelFilter
{
    [FromQuery(Name = "q"), StringLength(200)]
    [Description("Words in name, version, category, framework, author, description …, each as the beginning of a word.")]
    public string? Text { get; init; }

    [FromQuery(Name = "model_type"), Description("object_detection, person_detection …")]
    public Named<ModelType>? ModelType { get; init; }

    [FromQuery(Name = "category"), Description("A category, or a family of them.")]
    public string? Category { get; init; }

    [FromQuery(Name = "status"), Description("development, approved …")]
    public Named<ModelStatus>? Status { get; init; }

    [FromQuery(Name = "lifecycle_stage"), Description("experimental, stable …")]
    public Named<LifecycleStage>? LifecycleStage { get; init; }

    [FromQuery(Name = "approval_status"), Description("pending, approved, rejected, requires_review")]
    public Named<ApprovalStatus>? ApprovalStatus { get; init; }

    [FromQuery(Name = "name"), Description("All versions of one model.")]
    public string? Name { get; init; }

    [FromQuery(Name = "framework")]
    public string? Framework { get; init; }

    [FromQuery(Name = "author")]
    public string? Author { get; init; }

    [FromQuery(Name = "organization")]
    public string? Organization { get; init; }

    [FromQuery(Name = "license_type")]
    public string? LicenseType { get; init; }

    [FromQuery(Name = "created_by")]
    public Guid? CreatedBy { get; init; }

    [FromQuery(Name = "created_from")]
    public DateTimeOffset? CreatedFrom { get; init; }

    [FromQuery(Name = "created_to")]
    public DateTimeOffset? CreatedTo { get; init; }

    [FromQuery(Name = "min_inference_time_ms")]
    public decimal? MinInferenceTimeMs { get; init; }

    [FromQuery(Name = "max_inference_time_ms")]
    public decimal? MaxInferenceTimeMs { get; init; }

    [FromQuery(Name = "min_throughput_fps")]
    public decimal? MinThroughputFps { get; init; }

    [FromQuery(Name = "max_throughput_fps")]
    public decimal? MaxThroughputFps { get; init; }

    [FromQuery(Name = "min_baseline_accuracy")]
    public decimal? MinBaselineAccuracy { get; init; }

    [FromQuery(Name = "max_baseline_accuracy")]
    public decimal? MaxBaselineAccuracy { get; init; }

    [FromQuery(Name = "min_baseline_precision")]
    public decimal? MinBaselinePrecision { get; init; }

    [FromQuery(Name = "min_baseline_recall")]
    public decimal? MinBaselineRecall { get; init; }

    [FromQuery(Name = "min_baseline_f1_score")]
    public decimal? MinBaselineF1Score { get; init; }

    [FromQuery(Name = "max_baseline_f1_score")]
    public decimal? MaxBaselineF1Score { get; init; }

    [FromQuery(Name = "max_model_file_size_mb")]
    public decimal? MaxModelFileSizeMb { get; init; }

    [FromQuery(Name = "max_memory_requirement_gb")]
    public decimal? MaxMemoryRequirementGb { get; init; }

    [FromQuery(Name = "max_min_gpu_memory_gb"), Description("Runs on a card with this much memory.")]
    public decimal? MaxMinGpuMemoryGb { get; init; }

    [FromQuery(Name = "deployed_site_id"), Description("At work on this site now.")]
    public Guid? DeployedSiteId { get; init; }

    [FromQuery(Name = "deployed"), Description("At work anywhere now (true) or nowhere (false).")]
    public bool? Deployed { get; init; }

    [FromQuery(Name = "include_archived"), Description("Archived versions too.")]
    public bool? IncludeArchived { get; init; }

    [FromQuery(Name = "sort")]
    [Description("created_at, updated_at, name, inference_time_ms, throughput_fps, baseline_accuracy, baseline_f1_score, "
        + "model_file_size_mb; - before it: the largest first. -created_at where it is left out.")]
    public string? Sort { get; init; }

    /// <summary>For the queries of the database.</summary>
    internal Storage.Models.ModelFilter ToStored() => new()
    {
        Name = Name,
        Text = Text,
        Category = Category,
        ModelType = ModelType?.Value,
        Status = Status?.Value,
        LifecycleStage = LifecycleStage?.Value,
        ApprovalStatus = ApprovalStatus?.Value,
        Framework = Framework,
        Author = Author,
        Organization = Organization,
        LicenseType = LicenseType,
        CreatedBy = CreatedBy,
        CreatedFrom = CreatedFrom,
        CreatedTo = CreatedTo,
        Between = new Dictionary<string, (decimal? Least, decimal? Most)>
        {
            ["inference_time_ms"] = (MinInferenceTimeMs, MaxInferenceTimeMs),
            ["throughput_fps"] = (MinThroughputFps, MaxThroughputFps),
            ["baseline_accuracy"] = (MinBaselineAccuracy, MaxBaselineAccuracy),
            ["baseline_precision"] = (MinBaselinePrecision, null),
            ["baseline_recall"] = (MinBaselineRecall, null),
            ["baseline_f1_score"] = (MinBaselineF1Score, MaxBaselineF1Score),
            ["model_file_size_mb"] = (null, MaxModelFileSizeMb),
            ["memory_requirement_gb"] = (null, MaxMemoryRequirementGb),
            ["min_gpu_memory_gb"] = (null, MaxMinGpuMemoryGb),
        },
        DeployedAt = DeployedSiteId,
        IsDeployed = Deployed,
        IncludeArchived = IncludeArchived is true,
        Sort = Sort,
    };
}
