using Microsoft.EntityFrameworkCore;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Reads pages by key: the next page starts after the last row of this one, however far in, and never skips or repeats.</summary>
internal static class Listing
{
    /// <summary>One page of the registry's rows that pass the filter, by time and id, newest first.</summary>
    /// <param name="contexts">Where rows are read.</param>
    /// <param name="page">Which page.</param>
    /// <param name="filter">Narrows the rows.</param>
    /// <param name="timeName">The property that orders them: <c>CreatedAt</c>, or another that never changes.</param>
    /// <param name="cursorOf">That property's value and the id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<Page<T>> ListAsync<T>(
        this IDbContextFactory<FleetContext> contexts,
        PageRequest page,
        Func<IQueryable<T>, IQueryable<T>> filter,
        string timeName,
        Func<T, PageCursor> cursorOf,
        CancellationToken cancellationToken)
        where T : class
    {
        page.Check();
        return DatabaseOutage.GuardAsync(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await filter(db.Set<T>().AsNoTracking()).PageAsync(page, timeName, cursorOf, cancellationToken);
        });
    }

    /// <summary>One page of these rows.</summary>
    public static async Task<Page<T>> PageAsync<T>(
        this IQueryable<T> rows,
        PageRequest page,
        string timeName,
        Func<T, PageCursor> cursorOf,
        CancellationToken cancellationToken)
        where T : class
    {
        if (page.Check() is { } last)
        {
            rows = rows.Where(row => EF.Functions.LessThan(
                ValueTuple.Create(EF.Property<DateTimeOffset>(row, timeName), EF.Property<Guid>(row, "Id")),
                ValueTuple.Create(last.Time, last.Id)));
        }

        var found = await rows
            .OrderByDescending(row => EF.Property<DateTimeOffset>(row, timeName))
            .ThenByDescending(row => EF.Property<Guid>(row, "Id"))
            .Take(page.Limit + 1)
            .ToListAsync(cancellationToken);
        return page.Cut(found, cursorOf);
    }
}
