using Orleans.Concurrency;

namespace OrleansAiFleet.Rollouts.Waves;

/// <summary>One fleet rollout. Key: the row's id. Its state is its row in <c>fleet_rollouts</c> and those of its sites.</summary>
[Alias("Fleet.IFleetRolloutGrain")]
public interface IFleetRolloutGrain : IGrainWithGuidKey
{
    /// <summary>What beginning it now would do. Changes nothing.</summary>
    /// <exception cref="Fleet.FleetRefusedException">Something that is named does not exist, or a setting cannot be taken.</exception>
    [Alias("Estimate")]
    Task<FleetRolloutEstimate> Estimate(FleetRolloutWish wish);

    /// <summary>Freezes its sites and waves, and begins. Asking again for one that has begun changes nothing.</summary>
    /// <exception cref="Fleet.FleetRefusedException">
    /// As for an estimate; or a site cannot get the version and is not to be left out, or none is left.
    /// </exception>
    [Alias("Begin")]
    Task<FleetRolloutReport> Begin(FleetRolloutWish wish);

    /// <summary>How far it is, or null where there is none.</summary>
    [Alias("Get"), ReadOnly]
    Task<FleetRolloutReport?> Get();

    /// <summary>Tells it something; what follows is stored when this returns, and done within seconds.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such fleet rollout, it has another version, or it is too late for that.</exception>
    [Alias("Tell")]
    Task<FleetRolloutReport> Tell(FleetRolloutOrder order);

    /// <summary>Looks how its sites do and takes what follows. Called every second while it is not settled.</summary>
    [Alias("Look")]
    Task Look();
}
