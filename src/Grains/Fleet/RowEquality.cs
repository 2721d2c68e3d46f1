using System.Text.Json;

namespace OrleansAiFleet.Fleet;

/// <summary>Whether two rows say the same, whichever of them has been to the database.</summary>
/// <remarks>
/// A record's own equality compares arrays by reference and JSON by its text; a <c>jsonb</c> column gives spaces and
/// order back as it likes, and a decimal its scale.
/// </remarks>
internal static class RowEquality
{
    public static bool Same<T>(T left, T right) =>
        JsonElement.DeepEquals(
            JsonSerializer.SerializeToElement(left, FleetJson.Options),
            JsonSerializer.SerializeToElement(right, FleetJson.Options));
}
