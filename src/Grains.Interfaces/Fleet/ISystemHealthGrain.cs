namespace OrleansAiFleet.Fleet;

/// <summary>Asks silos, workers and the camera supervisor how they do. Holds nothing; key 0.</summary>
[Alias("Fleet.ISystemHealthGrain")]
public interface ISystemHealthGrain : IGrainWithIntegerKey
{
    /// <summary>How the fleet does now. A worker that does not answer within two seconds is left out and named in the reasons.</summary>
    [Alias("Check"), ResponseTimeout("00:00:10")]
    Task<SystemHealth> Check(CancellationToken cancellationToken = default);
}
