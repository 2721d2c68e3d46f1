using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>What a row of <c>ai_models</c> must look like to be taken. Pure.</summary>
internal static class ModelPolicy
{
    /// <summary>Why the row cannot be taken, or null.</summary>
    public static Refusal? Judge(Guid key, AiModel model) =>
        Refusal.First(Field.Key(key, model.Id), Texts(model), Numbers(model), Json(model), Classes(model.OutputClasses));

    /// <summary>The row as the table keeps it: decimals at their column's scale, times in UTC.</summary>
    public static AiModel AsStored(AiModel model) => model with
    {
        ModelFileSizeMb = model.ModelFileSizeMb.Rounded(2),
        TrainingDurationHours = model.TrainingDurationHours.Rounded(2),
        TrainingCompletedDate = model.TrainingCompletedDate.Stored(),
        TrainingComputeCost = model.TrainingComputeCost.Rounded(2),
        MemoryRequirementGb = model.MemoryRequirementGb.Rounded(2),
        BaselineAccuracy = model.BaselineAccuracy.Rounded(2),
        BaselinePrecision = model.BaselinePrecision.Rounded(2),
        BaselineRecall = model.BaselineRecall.Rounded(2),
        BaselineF1Score = model.BaselineF1Score.Rounded(2),
        InferenceTimeMs = model.InferenceTimeMs.Rounded(3),
        ThroughputFps = model.ThroughputFps.Rounded(2),
        ConfidenceThresholdDefault = model.ConfidenceThresholdDefault.Rounded(2),
        MinGpuMemoryGb = model.MinGpuMemoryGb.Rounded(2),
        RamRequirementGb = model.RamRequirementGb.Rounded(2),
        StorageRequirementGb = model.StorageRequirementGb.Rounded(2),
        ApprovedAt = model.ApprovedAt.Stored(),
    };

    /// <summary>Whether both ask for the same model version, whenever they were written.</summary>
    public static bool Same(AiModel left, AiModel right) =>
        RowEquality.Same(Asked(left), Asked(right));

    private static AiModel Asked(AiModel model) => model with { CreatedAt = default, UpdatedAt = default };

    private static Refusal? Texts(AiModel model) => Refusal.First(
        Field.Required("name", model.Name, 255),
        Field.Named("model_type", model.ModelType),
        Field.Required("category", model.Category, 255),
        Field.Required("version", model.Version, 50),
        Field.Text("description", model.Description),
        Field.Text("framework", model.Framework, 100),
        Field.Text("architecture", model.Architecture, 255),
        Field.Text("author", model.Author, 255),
        Field.Text("organization", model.Organization, 255),
        Field.Required("model_file_path", model.ModelFilePath, 500),
        Field.Text("config_file_path", model.ConfigFilePath, 500),
        Field.Text("weights_file_path", model.WeightsFilePath, 500),
        Field.Text("labels_file_path", model.LabelsFilePath, 500),
        Field.Text("documentation_url", model.DocumentationUrl, 500),
        Field.Named("status", model.Status),
        Field.Named("lifecycle_stage", model.LifecycleStage),
        Field.Named("approval_status", model.ApprovalStatus),
        Field.Text("license_type", model.LicenseType, 100),
        Field.Text("license_restrictions", model.LicenseRestrictions),
        Field.Text("export_restrictions", model.ExportRestrictions),
        Field.Text("intellectual_property_notes", model.IntellectualPropertyNotes),
        Field.Text("framework_version", model.FrameworkVersion, 50),
        Field.Text("python_version_min", model.PythonVersionMin, 20),
        Field.Text("cuda_version_required", model.CudaVersionRequired, 20),
        Field.Text("compatibility_notes", model.CompatibilityNotes));

    private static Refusal? Numbers(AiModel model) => Refusal.First(
        Field.Number("model_file_size_mb", model.ModelFileSizeMb, 0, 99_999_999.99m),
        Field.Whole("training_images_count", model.TrainingImagesCount, 0),
        Field.Whole("validation_images_count", model.ValidationImagesCount, 0),
        Field.Whole("test_images_count", model.TestImagesCount, 0),
        Field.Number("training_duration_hours", model.TrainingDurationHours, 0, 999_999.99m),
        Field.Number("training_compute_cost", model.TrainingComputeCost, 0, 99_999_999.99m),
        Field.Whole("input_resolution_width", model.InputResolutionWidth, 1, 16_384),
        Field.Whole("input_resolution_height", model.InputResolutionHeight, 1, 16_384),
        Field.Whole("input_channels", model.InputChannels, 1, 4),
        Field.Whole("batch_size_optimal", model.BatchSizeOptimal, 1),
        Field.Whole("batch_size_max", model.BatchSizeMax, model.BatchSizeOptimal ?? 1),
        Field.Number("memory_requirement_gb", model.MemoryRequirementGb, 0, 999_999.99m),
        Field.Number("baseline_accuracy", model.BaselineAccuracy, 0, 100),
        Field.Number("baseline_precision", model.BaselinePrecision, 0, 100),
        Field.Number("baseline_recall", model.BaselineRecall, 0, 100),
        Field.Number("baseline_f1_score", model.BaselineF1Score, 0, 100),
        Field.Number("inference_time_ms", model.InferenceTimeMs, 0, 99_999.999m),
        Field.Number("throughput_fps", model.ThroughputFps, 0, 999_999.99m),
        Field.Number("confidence_threshold_default", model.ConfidenceThresholdDefault, 0, 1),
        Field.Number("min_gpu_memory_gb", model.MinGpuMemoryGb, 0, 9_999.99m),
        Field.Whole("cpu_cores_required", model.CpuCoresRequired, 1),
        Field.Number("ram_requirement_gb", model.RamRequirementGb, 0, 9_999.99m),
        Field.Number("storage_requirement_gb", model.StorageRequirementGb, 0, 999_999.99m),
        Field.Whole("network_bandwidth_mbps", model.NetworkBandwidthMbps, 0));

    private static Refusal? Json(AiModel model) => Refusal.First(
        Field.Json("configuration", model.Configuration),
        Field.Json("training_dataset_info", model.TrainingDatasetInfo),
        Field.Json("recommended_gpu_models", model.RecommendedGpuModels),
        Field.Json("compliance_certifications", model.ComplianceCertifications),
        Field.Json("regulatory_approvals", model.RegulatoryApprovals),
        Field.Json("dependency_requirements", model.DependencyRequirements));

    private static Refusal? Classes(string[]? classes)
    {
        for (var i = 0; i < classes?.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(classes[i]))
            {
                return Refusal.Invalid("output_classes", $"output_classes has no name for class {i}.");
            }
        }

        return null;
    }
}
