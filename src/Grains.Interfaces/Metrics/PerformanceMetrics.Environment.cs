namespace OrleansAiFleet.Metrics;

public sealed partial record PerformanceMetrics
{
    // Environmental factors

    /// <summary><c>temperature_celsius</c>.</summary>
    [Id(51)]
    public decimal? TemperatureCelsius { get; init; }

    /// <summary><c>humidity_percentage</c>.</summary>
    [Id(52)]
    public decimal? HumidityPercentage { get; init; }

    /// <summary><c>ambient_light_conditions</c>.</summary>
    [Id(53)]
    public string? AmbientLightConditions { get; init; }

    /// <summary><c>network_latency_ms</c>.</summary>
    [Id(54)]
    public int? NetworkLatencyMs { get; init; }

    /// <summary><c>data_center_load_percentage</c>.</summary>
    [Id(55)]
    public decimal? DataCenterLoadPercentage { get; init; }
}
