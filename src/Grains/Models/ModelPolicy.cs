using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Models;

/// <summary>What a row of <c>ai_models</c> must look like to be taken. Pure.</summary>
internal static class ModelPolicy
{
    /// <summary>Why the row cannot be taken, or null.</summary>
    public static Refusal? Judge(Guid key, AiModel model) =>
        Refusal.First(Field.Key(key, model.Id), Texts(model), Numbers(model), Json(model), Classes(model.OutputClasses), PostprocessingPolicy.Judge(model));

    /// <summary>Why a file cannot be attached, or null.</summary>
    public static Refusal? JudgeAttached(AttachedFile file) => Refusal.First(
        Field.Named("kind", file.Kind),
        Field.Required("name", file.Name, 200),
        file.Name.AsSpan().IndexOfAny('/', '\\') >= 0 || file.Name.Any(char.IsControl)
            ? Refusal.Invalid("name", "The file's name must have no path in it and no control characters.")
            : null,
        Field.Required("path", file.Path, 500),
        Field.Required("content_type", file.ContentType, 100));

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
        LicenseExpiresAt = model.LicenseExpiresAt.Stored(),
    };

    /// <summary>Whether both are the same version of the same file, however far it has come and whatever was changed of it.</summary>
    public static bool IsSameVersion(AiModel stored, AiModel asked) =>
        (stored.Name, stored.Version, stored.ModelFilePath, stored.CreatedBy) == (asked.Name, asked.Version, asked.ModelFilePath, asked.CreatedBy);

    /// <summary>A new version begins at the beginning: nobody is approved by registering.</summary>
    public static Refusal? JudgeNew(AiModel model) => Refusal.First(
        model.Status is ModelStatus.Development or ModelStatus.Training ? null : NotNew("status"),
        model.LifecycleStage == LifecycleStage.Experimental ? null : NotNew("lifecycle_stage"),
        model.ApprovalStatus == ApprovalStatus.Pending && model.ApprovedBy is null && model.ApprovedAt is null ? null : NotNew("approval_status"),
        model.Decisions.Length == 0 ? null : NotNew("decisions"),
        model.ConfigurationRevision == 1 ? null : NotNew("configuration_revision"));

    private static Refusal NotNew(string field) => Refusal.Invalid(field, $"{field} of a new version is its first value; other requests change it.");

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
        ExportRestriction.Parse(model.ExportRestrictions).Unread is { } line
            ? Refusal.Invalid("export_restrictions", $"'{line}' cannot be enforced. Write 'only: NZ, AU' or 'not: KP', a line each, and notes after #.")
            : null,
        Field.Text("intellectual_property_notes", model.IntellectualPropertyNotes),
        Field.Text("framework_version", model.FrameworkVersion, 50),
        Field.Text("python_version_min", model.PythonVersionMin, 20),
        Field.Text("cuda_version_required", model.CudaVersionRequired, 20),
        Field.Text("compatibility_notes", model.CompatibilityNotes),
        Field.Text("changelog", model.Changelog),
        Field.Text("source_url", model.SourceUrl, 2000));

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
        Field.Whole("network_bandwidth_mbps", model.NetworkBandwidthMbps, 0),
        Field.Whole("configuration_revision", model.ConfigurationRevision, 1),
        Field.Whole("license_seats", model.LicenseSeats, 1));

    private static Refusal? Json(AiModel model) => Refusal.First(
        Field.Json("configuration", model.Configuration),
        Field.Json("validation", model.Validation),
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
