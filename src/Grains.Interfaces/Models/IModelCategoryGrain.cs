using Orleans.Concurrency;

namespace OrleansAiFleet.Models;

/// <summary>One category. Key: <see cref="ModelKeys.OfCategory"/>. Its state is its row in <c>model_categories</c>.</summary>
[Alias("Fleet.IModelCategoryGrain")]
public interface IModelCategoryGrain : IGrainWithGuidKey
{
    /// <summary>Makes the category or changes it.</summary>
    /// <exception cref="Fleet.FleetRefusedException">A value cannot be taken.</exception>
    [Alias("Put")]
    Task<ModelCategory> Put(ModelCategory category);

    /// <summary>The category, or null where there is none of this name.</summary>
    [Alias("Get"), ReadOnly]
    Task<ModelCategory?> Get();
}
