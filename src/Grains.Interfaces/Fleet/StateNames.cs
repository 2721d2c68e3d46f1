namespace OrleansAiFleet.Fleet;

/// <summary>Names under which grains keep their state. A stored row is keyed by this name: unique in the solution.</summary>
public static class StateNames
{
    /// <summary>The grain storage provider over the customer's tables.</summary>
    public const string Provider = "fleet";

    public const string Model = "model";

    public const string ModelAlias = "model-alias";

    public const string ModelCategory = "model-category";

    public const string Deployment = "deployment";

    public const string Rollout = "rollout";

    public const string FleetRollout = "fleet-rollout";

    public const string Experiment = "experiment";

    public const string Optimization = "optimization";

    public const string Site = "site";

    public const string MaintenanceMode = "maintenance-mode";

    public const string Camera = "camera";

    public const string MetricsWindow = "metrics-window";
}
