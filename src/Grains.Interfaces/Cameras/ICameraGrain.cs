using Orleans.Concurrency;

namespace OrleansAiFleet.Cameras;

/// <summary>What is wanted of one camera. Key: the row's id. Its state is its row in <c>cameras</c>.</summary>
/// <remarks>Lives on the control plane, so that a camera can be registered while no worker is up.</remarks>
[Alias("Fleet.ICameraGrain")]
public interface ICameraGrain : IGrainWithGuidKey
{
    /// <summary>Makes the camera's row. Asking again for the same row changes nothing.</summary>
    /// <exception cref="Fleet.FleetRefusedException">A field cannot be taken; the message names it.</exception>
    [Alias("Create")]
    Task<Camera> Create(Camera camera);

    /// <summary>The row with its credentials left out, or null where nobody created it.</summary>
    [Alias("Get"), ReadOnly]
    Task<Camera?> Get();
}
