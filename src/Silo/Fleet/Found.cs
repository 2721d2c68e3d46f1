using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Silo.Fleet;

/// <summary>What does not exist is a refusal like any other.</summary>
internal static class Found
{
    /// <summary>The answer of a grain that says null for what nobody created.</summary>
    /// <exception cref="FleetRefusedException">There is none.</exception>
    public static async Task<T> OrNotFound<T>(this Task<T?> answer, string noun, Guid id, string? field = null)
        where T : class =>
        await answer ?? throw new FleetRefusedException(RefusalKind.NotFound, field, $"There is no {noun} {id}.");
}
