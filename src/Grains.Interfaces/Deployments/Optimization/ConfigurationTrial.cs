using OrleansAiFleet.Models;

namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>Settings for a worker to try on the live frames of a deployment's cameras there.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.ConfigurationTrial")]
public sealed record ConfigurationTrial
{
    [Id(0)]
    public required Guid DeploymentId { get; init; }

    [Id(1)]
    public required TrialConfiguration Configuration { get; init; }

    /// <summary>The model with the settings to try.</summary>
    [Id(2)]
    public required ModelReference Model { get; init; }

    /// <summary>The model as the deployment runs it now: what is found is compared with what it finds.</summary>
    [Id(3)]
    public required ModelReference Reference { get; init; }

    /// <summary>Lowest confidence of objects, 0 to 1.</summary>
    [Id(4)]
    public float ConfidenceThreshold { get; init; }

    /// <summary>Longest a frame may wait and run.</summary>
    [Id(5)]
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>
    /// Frames that one instance gets for each frame of the cameras here: 0.5 where two share them, more than 1 where most cameras are elsewhere.
    /// </summary>
    [Id(6)]
    public double Share { get; init; } = 1;

    /// <summary>Frames after which it is enough.</summary>
    [Id(7)]
    public int Frames { get; init; } = 60;

    /// <summary>Time after which it is enough whatever came, at most 20 seconds.</summary>
    [Id(8)]
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(20);
}
