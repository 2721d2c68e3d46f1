using Microsoft.EntityFrameworkCore;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Which rows somebody still has to look after.</summary>
internal static class OpenRows
{
    private const string IsSettled = nameof(IsSettled);

    /// <summary>Ids of the rows that are not settled, by id.</summary>
    /// <typeparam name="T">A mapped row with a column <c>is_settled</c>.</typeparam>
    /// <param name="contexts">The database.</param>
    /// <param name="most">As many as anybody can look after at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public static Task<IReadOnlyList<Guid>> ReadOpenAsync<T>(
        this IDbContextFactory<FleetContext> contexts, int most, CancellationToken cancellationToken)
        where T : class =>
        DatabaseOutage.GuardAsync<IReadOnlyList<Guid>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.Set<T>().AsNoTracking()
                .Where(row => !EF.Property<bool>(row, IsSettled))
                .Select(row => EF.Property<Guid>(row, "Id"))
                .OrderBy(id => id)
                .Take(most)
                .ToListAsync(cancellationToken);
        });
}
