using System.Globalization;

using OrleansAiFleet.Models;

namespace OrleansAiFleet.Silo.Models;

/// <summary>How versions of one model are counted. Pure.</summary>
internal static class ModelVersions
{
    /// <summary>The version for an upload that says none: one more than the largest whole number among those there are.</summary>
    public static string Next(IReadOnlyList<AiModel> versions) => versions
        .Select(model => int.TryParse(model.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
        .Append(0)
        .Max(number => (long)number + 1)
        .ToString(CultureInfo.InvariantCulture);
}
