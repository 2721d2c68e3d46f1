using Orleans.Concurrency;

namespace OrleansAiFleet.Deployments.Optimization;

/// <summary>One search for better settings. Key: <see cref="PerformanceOptimization.Id"/>. Its state is its row in <c>performance_optimizations</c>.</summary>
[Alias("Fleet.IOptimizationGrain")]
public interface IOptimizationGrain : IGrainWithGuidKey
{
    /// <summary>Makes the row. Asking again for the same changes nothing.</summary>
    /// <param name="optimization">What is wanted; how far it is, is the fleet's to say.</param>
    /// <exception cref="Fleet.FleetRefusedException">
    /// The deployment is none that looks at cameras now, is in a rollout or is searched for already, or a setting cannot be taken.
    /// </exception>
    [Alias("Begin")]
    Task<PerformanceOptimization> Begin(PerformanceOptimization optimization);

    /// <summary>The row, or null where there is none.</summary>
    [Alias("Get"), ReadOnly]
    Task<PerformanceOptimization?> Get();

    /// <summary>Ends the search; nothing is proposed.</summary>
    /// <param name="by">Who ends it.</param>
    /// <exception cref="Fleet.FleetRefusedException">There is no such search, or it is over.</exception>
    [Alias("Cancel")]
    Task<PerformanceOptimization> Cancel(Guid? by);

    /// <summary>Gives the deployment the settings that were proposed. Asking again changes nothing.</summary>
    /// <param name="by">Who consents.</param>
    /// <exception cref="Fleet.FleetRefusedException">Nothing is proposed, or the deployment is another one by now.</exception>
    [Alias("Apply")]
    Task<PerformanceOptimization> Apply(Guid? by);

    /// <summary>Takes in what was measured and has the next settings tried. Called every second while it is not settled.</summary>
    [Alias("Look")]
    Task Look();
}
