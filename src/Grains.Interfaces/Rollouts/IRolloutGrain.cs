using Orleans.Concurrency;

namespace OrleansAiFleet.Rollouts;

/// <summary>One rollout. Key: <see cref="Rollout.Id"/>, which is its candidate's deployment. Its state is its row in <c>rollouts</c>.</summary>
[Alias("Fleet.IRolloutGrain")]
public interface IRolloutGrain : IGrainWithGuidKey
{
    /// <summary>Makes the row and the candidate's deployment. Asking again for the same changes nothing.</summary>
    /// <param name="rollout">What is wanted; how far it is, is the fleet's to say.</param>
    /// <exception cref="Fleet.FleetRefusedException">
    /// The stable deployment is none that is at work or has a rollout already, the version cannot be deployed there, or a setting cannot be taken.
    /// </exception>
    [Alias("Begin")]
    Task<Rollout> Begin(Rollout rollout);

    /// <summary>
    /// The same for a candidate that is there already and asks for it: it is told to join when the rollout looks after itself, a moment
    /// later.
    /// </summary>
    /// <param name="rollout">What is wanted; its id is the candidate's.</param>
    /// <exception cref="Fleet.FleetRefusedException">See <see cref="Begin"/>.</exception>
    [Alias("BeginFor")]
    Task<Rollout> BeginFor(Rollout rollout);

    /// <summary>The row, or null where there is none.</summary>
    [Alias("Get"), ReadOnly]
    Task<Rollout?> Get();

    /// <summary>Tells it something; what follows for the cameras is stored when this returns.</summary>
    /// <param name="command">What.</param>
    /// <param name="why">One sentence, kept with the decision; null: the fleet's own words.</param>
    /// <param name="by">Who tells it; null: the fleet itself.</param>
    /// <exception cref="Fleet.FleetRefusedException">There is no such rollout, or it is too late for that.</exception>
    [Alias("Tell")]
    Task<Rollout> Tell(RolloutCommand command, string? why, Guid? by);

    /// <summary>Looks how it does and takes what follows. Called every few seconds while it is not settled.</summary>
    [Alias("Look")]
    Task Look();
}
