using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>Finds the category that a model says it is of.</summary>
internal static class CategoryCheck
{
    /// <exception cref="FleetRefusedException">There is none of this name; says which there are.</exception>
    public static async Task<ModelCategory> DemandCategoryAsync(this IModelReader rows, string name, CancellationToken cancellationToken)
    {
        var all = await rows.ReadCategoriesAsync(cancellationToken);
        return all.FirstOrDefault(category => category.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new FleetRefusedException(
                RefusalKind.Invalid, "category", $"There is no category '{name}'. There are: {string.Join(", ", all.Select(category => category.Name))}.");
    }
}
