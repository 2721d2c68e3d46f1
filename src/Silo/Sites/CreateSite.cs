using System.ComponentModel.DataAnnotations;

using OrleansAiFleet.Fleet;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Silo.Sites;

/// <summary>A site to create.</summary>
public sealed record CreateSite
{
    /// <summary>Id of your choice, so that a repeated request creates nothing twice.</summary>
    public Guid? Id { get; init; }

    [Required, StringLength(255)]
    public string Name { get; init; } = "";

    /// <summary>IANA name: Europe/Berlin.</summary>
    [Required, StringLength(100)]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>ISO 3166-1 alpha-2: DE.</summary>
    [StringLength(2, MinimumLength = 2)]
    public string? CountryCode { get; init; }

    [StringLength(100)]
    public string? AiProcessingCapacity { get; init; }

    public JsonText? ModelDeploymentPreferences { get; init; }

    public JsonText? CustomModelConfigurations { get; init; }

    /// <summary>Private networks in which cameras may be: 10.20.0.0/16.</summary>
    [MaxLength(100)]
    public string[] AllowedNetworks { get; init; } = [];

    /// <summary>When the site may be changed, by its own clock.</summary>
    [MaxLength(50)]
    public MaintenanceWindow[] MaintenanceWindows { get; init; } = [];

    internal Site ToSite() => new()
    {
        Id = Id ?? Guid.CreateVersion7(),
        Name = Name,
        TimeZone = TimeZone,
        CountryCode = CountryCode,
        AiProcessingCapacity = AiProcessingCapacity,
        ModelDeploymentPreferences = ModelDeploymentPreferences,
        CustomModelConfigurations = CustomModelConfigurations,
        AllowedNetworks = AllowedNetworks,
        MaintenanceWindows = MaintenanceWindows,
    };
}

/// <summary>All private networks in which cameras of a site may be.</summary>
public sealed record SetNetworks
{
    [Required, MaxLength(100)]
    public string[]? AllowedNetworks { get; init; }
}

/// <summary>How long a site's data are kept.</summary>
public sealed record SetRetention
{
    /// <summary>Whole UTC days beside today, 1 to 3650; left out: as long as the fleet's setting says.</summary>
    [Range(1, 3650)]
    public int? DetectionsRetentionDays { get; init; }

    /// <summary>The same for windows of metrics.</summary>
    [Range(1, 3650)]
    public int? MetricsRetentionDays { get; init; }
}

/// <summary>All times of the week in which a site may be changed.</summary>
public sealed record SetMaintenanceWindows
{
    /// <summary>By the clock of the site's time zone; none: at no time where windows are asked for.</summary>
    [Required, MaxLength(50)]
    public MaintenanceWindow[]? MaintenanceWindows { get; init; }
}
