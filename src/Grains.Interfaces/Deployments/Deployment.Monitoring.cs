namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Monitoring and alerting

    /// <summary><c>monitoring_enabled</c>.</summary>
    [Id(27)]
    public bool MonitoringEnabled { get; init; } = true;

    /// <summary><c>alert_on_errors</c>.</summary>
    [Id(28)]
    public bool AlertOnErrors { get; init; } = true;

    /// <summary><c>alert_on_performance_degradation</c>.</summary>
    [Id(29)]
    public bool AlertOnPerformanceDegradation { get; init; } = true;

    /// <summary><c>performance_alert_threshold</c>.</summary>
    [Id(30)]
    public decimal PerformanceAlertThreshold { get; init; } = 10.00m;

    /// <summary><c>error_rate_alert_threshold</c>.</summary>
    [Id(31)]
    public decimal ErrorRateAlertThreshold { get; init; } = 5.00m;
}
