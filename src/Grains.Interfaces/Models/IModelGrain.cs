using Orleans.Concurrency;

namespace OrleansAiFleet.Models;

/// <summary>One version of a model. Key: the row's id. Its state is its row in <c>ai_models</c>.</summary>
/// <remarks>
/// Where the caller says which row version they mean and it is another by now, a method refuses with
/// <see cref="Fleet.RowConflictException"/>, which has both.
/// </remarks>
[Alias("Fleet.IModelGrain")]
public interface IModelGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Makes the row of an inspected file. Asking again for the same row changes nothing.
    /// </summary>
    /// <exception cref="Fleet.FleetRefusedException">The id is taken, or name and version are.</exception>
    [Alias("Register")]
    Task<AiModel> Register(AiModel model);

    /// <summary>The row, or null where nobody registered it.</summary>
    [Alias("Get"), ReadOnly]
    Task<AiModel?> Get();

    /// <summary>The row with its version, or null where nobody registered it.</summary>
    [Alias("GetStored"), ReadOnly]
    Task<StoredModel?> GetStored();

    /// <summary>Moves the version through its life. A step that was taken already changes nothing.</summary>
    /// <exception cref="Fleet.FleetRefusedException">It cannot be taken from where the version is, or not by this person.</exception>
    [Alias("Take")]
    Task<StoredModel> Take(TakeModelStep step);

    /// <summary>Changes columns that are the user's.</summary>
    /// <exception cref="Fleet.FleetRefusedException">A field is none of those, or its value cannot be taken.</exception>
    [Alias("Edit")]
    Task<StoredModel> Edit(EditModel edit);

    /// <summary>Adds a file. One of the same kind and name takes the place of the one before.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such model, or it has too many files.</exception>
    [Alias("Attach")]
    Task<StoredModel> Attach(AttachedFile file, Guid? by);

    /// <summary>Keeps what another validation found; its pictures take the place of those before.</summary>
    /// <exception cref="Fleet.FleetRefusedException">There is no such model.</exception>
    [Alias("RecordValidation")]
    Task<StoredModel> RecordValidation(Fleet.JsonText validation, AttachedFile[] evidence, Guid? by);

    /// <summary>Removes a version that was never deployed. Of one that is not there nothing is left to do.</summary>
    /// <returns>The row that was removed, so that its files can be; null where there was none.</returns>
    /// <exception cref="Fleet.FleetRefusedException">It was deployed once: archive it.</exception>
    [Alias("Delete")]
    Task<AiModel?> Delete(string[]? ifMatch);
}
