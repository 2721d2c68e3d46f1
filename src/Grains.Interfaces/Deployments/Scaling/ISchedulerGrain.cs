namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>
/// Decides how many workers hold the model of each deployment that is scaled, and which: key 0, on a control silo. What it decided is
/// stored before anything follows from it, so that it may die with any silo.
/// </summary>
[Alias("Fleet.ISchedulerGrain")]
public interface ISchedulerGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that it is awake and goes its rounds.</summary>
    [Alias("Wake"), ResponseTimeout("00:00:10")]
    Task Wake();

    /// <summary>
    /// Where requests for a deployment go. One on demand that sleeps is placed first. Idempotent: whoever asks while it starts gets the
    /// same places.
    /// </summary>
    [Alias("Start"), ResponseTimeout("00:00:10")]
    Task<DeploymentPlaces> Start(Guid deploymentId);

    /// <summary>The first answer after a start is there. The measure goes with the decision that started it.</summary>
    /// <param name="deploymentId">Which.</param>
    /// <param name="milliseconds">From the request's arrival to its answer.</param>
    [Alias("NoteColdStart"), ResponseTimeout("00:00:10")]
    Task NoteColdStart(Guid deploymentId, double milliseconds);

    /// <summary>How a deployment is scaled now, as of the last round.</summary>
    [Alias("GetStatus"), ResponseTimeout("00:00:10")]
    Task<ScalingStatus> GetStatus(Guid deploymentId);
}

/// <summary>Where requests for a deployment go.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.DeploymentPlaces")]
public sealed record DeploymentPlaces
{
    /// <summary>Parsable addresses of the workers that hold its model, or are to; empty where that is open to any of them.</summary>
    [Id(0)]
    public string[] Workers { get; init; } = [];

    /// <summary>It slept, and this request starts it.</summary>
    [Id(1)]
    public bool IsColdStart { get; init; }

    /// <summary>Why it cannot be started now, or null.</summary>
    [Id(2)]
    public string? Refusal { get; init; }
}
