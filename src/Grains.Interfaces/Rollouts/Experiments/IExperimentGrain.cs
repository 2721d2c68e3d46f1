using Orleans.Concurrency;

namespace OrleansAiFleet.Rollouts.Experiments;

/// <summary>One experiment. Key: <see cref="Experiment.Id"/>, which is its rollout's. Its state is its row in <c>experiments</c>.</summary>
[Alias("Fleet.IExperimentGrain")]
public interface IExperimentGrain : IGrainWithGuidKey
{
    /// <summary>Makes the row and begins the rollout. Asking again for the same changes nothing.</summary>
    /// <param name="experiment">What is wanted; how far it is, is the fleet's to say.</param>
    /// <exception cref="Fleet.FleetRefusedException">
    /// The deployment is none that is at work or has a rollout already, the version cannot be deployed there, or a setting cannot be taken.
    /// </exception>
    [Alias("Begin")]
    Task<Experiment> Begin(Experiment experiment);

    /// <summary>The row, or null where there is none.</summary>
    [Alias("Get"), ReadOnly]
    Task<Experiment?> Get();

    /// <summary>Ends it without a verdict; A has its cameras back.</summary>
    /// <param name="why">One sentence; null: the fleet's own words.</param>
    /// <param name="by">Who ends it; null: the fleet itself.</param>
    /// <exception cref="Fleet.FleetRefusedException">There is no such experiment, or it is over.</exception>
    [Alias("Stop")]
    Task<Experiment> Stop(string? why, Guid? by);

    /// <summary>Looks how it does and takes what follows. Called every few seconds while it is not settled.</summary>
    [Alias("Look")]
    Task Look();
}
