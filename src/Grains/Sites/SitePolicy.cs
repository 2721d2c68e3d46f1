using OrleansAiFleet.Fleet;
using OrleansAiFleet.Vision.Cameras;

namespace OrleansAiFleet.Sites;

/// <summary>What a row of <c>sites</c> must look like to be taken. Pure but for the machine's time zone table.</summary>
internal static class SitePolicy
{
    private const int MaximumNetworks = 100;
    private const int MaximumDays = 3650;
    private const int MaximumWindows = 50;

    /// <summary>Why the row cannot be taken, or null.</summary>
    public static Refusal? Judge(Guid key, Site site) => Refusal.First(
        Field.Key(key, site.Id),
        Field.Required("name", site.Name, 255),
        TimeZone(site.TimeZone),
        Country(site.CountryCode),
        Field.Text("ai_processing_capacity", site.AiProcessingCapacity, 100),
        Field.Json("model_deployment_preferences", site.ModelDeploymentPreferences),
        Field.Json("custom_model_configurations", site.CustomModelConfigurations),
        Networks(site.AllowedNetworks),
        Windows(site.MaintenanceWindows),
        Retention(site.DetectionsRetentionDays, site.MetricsRetentionDays));

    /// <summary>Why data cannot be kept for so many days, or null.</summary>
    public static Refusal? Retention(int? detectionsDays, int? metricsDays) => Refusal.First(
        detectionsDays is { } detections ? Field.Whole("detections_retention_days", detections, 1, MaximumDays) : null,
        metricsDays is { } metrics ? Field.Whole("metrics_retention_days", metrics, 1, MaximumDays) : null);

    /// <summary>Why these networks cannot be taken, or null.</summary>
    public static Refusal? Networks(string[] networks) =>
        networks.Length > MaximumNetworks
            ? Refusal.Invalid("allowed_networks", $"A site has at most {MaximumNetworks} networks.")
            : Array.Find(networks, network => AddressPolicy.FindNetwork(network) is null) is { } wrong
                ? Refusal.Invalid("allowed_networks", $"'{wrong}' is no network: write it like 10.20.0.0/16.")
                : null;

    /// <summary>Why these maintenance windows cannot be taken, or null.</summary>
    public static Refusal? Windows(MaintenanceWindow[] windows) =>
        windows.Length > MaximumWindows
            ? Refusal.Invalid("maintenance_windows", $"A site has at most {MaximumWindows} maintenance windows.")
            : Refusal.First([.. windows.SelectMany((window, i) => window.Days.Select(day => Field.Named($"maintenance_windows[{i}].days", day)))]);

    /// <summary>Whether both ask for the same site; what is deployed there is not asked for, it comes of deployments.</summary>
    public static bool Same(Site left, Site right) => RowEquality.Same(Asked(left), Asked(right));

    private static Site Asked(Site site) => site with { DeployedModels = [], CreatedAt = default, UpdatedAt = default };

    private static Refusal? TimeZone(string timeZone) =>
        !string.IsNullOrWhiteSpace(timeZone)
        && TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone)
        && zone.HasIanaId
            ? null
            : Refusal.Invalid("time_zone", $"'{timeZone}' is no IANA time zone; write it like Europe/Berlin or UTC.");

    private static Refusal? Country(string? code) =>
        code is null || CountryCodes.Contains(code)
            ? null
            : Refusal.Invalid("country_code", $"'{code}' is no ISO 3166-1 alpha-2 code; write it like DE, or leave it out.");
}
