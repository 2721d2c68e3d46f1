using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Sites;

/// <summary>One construction site: a row of <c>sites</c>.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.Site")]
public sealed record Site
{
    [Id(0)]
    public Guid Id { get; init; }

    [Id(1)]
    public string Name { get; init; } = "";

    /// <summary>IANA name, for schedules and maintenance windows.</summary>
    [Id(2)]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>ISO 3166-1 alpha-2, or null.</summary>
    [Id(3)]
    public string? CountryCode { get; init; }

    /// <summary><c>deployed_models</c>: ids of the model versions deployed here.</summary>
    [Id(4)]
    public Guid[] DeployedModels { get; init; } = [];

    /// <summary><c>ai_processing_capacity</c>.</summary>
    [Id(5)]
    public string? AiProcessingCapacity { get; init; }

    /// <summary><c>model_deployment_preferences</c>.</summary>
    [Id(6)]
    public JsonText? ModelDeploymentPreferences { get; init; }

    /// <summary><c>custom_model_configurations</c>.</summary>
    [Id(7)]
    public JsonText? CustomModelConfigurations { get; init; }

    [Id(8)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(9)]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary><c>allowed_networks</c>: private networks in which cameras of the site may be, as <c>10.20.0.0/16</c>.</summary>
    [Id(10)]
    public string[] AllowedNetworks { get; init; } = [];

    /// <summary>Whole UTC days that detections are kept beside today; null: as long as the fleet's setting says.</summary>
    [Id(11)]
    public int? DetectionsRetentionDays { get; init; }

    /// <summary>The same for windows of metrics.</summary>
    [Id(12)]
    public int? MetricsRetentionDays { get; init; }

    /// <summary><c>maintenance_windows</c>: when the site may be changed, in its time zone.</summary>
    [Id(13)]
    public MaintenanceWindow[] MaintenanceWindows { get; init; } = [];
}
