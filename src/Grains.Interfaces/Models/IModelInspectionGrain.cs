namespace OrleansAiFleet.Models;

/// <summary>Opens a stored model file on a worker and says what it is. Stateless; key 0.</summary>
[Alias("Fleet.IModelInspectionGrain")]
public interface IModelInspectionGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Checks the file, finds its contract and decoder, and runs it on the pictures, in a confined process. Never throws for a
    /// bad file: it says so in the result.
    /// </summary>
    [Alias("Inspect"), ResponseTimeout("00:12:00")]
    Task<ModelInspection> Inspect(InspectModel request, CancellationToken cancellationToken = default);
}
