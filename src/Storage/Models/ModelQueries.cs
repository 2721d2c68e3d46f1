using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrleansAiFleet.Models;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Lists of model versions and of what belongs to them.</summary>
public sealed class ModelQueries(IDbContextFactory<FleetContext> contexts, NpgsqlDataSource database)
{
    /// <summary>Versions of one model at most; no more are looked at.</summary>
    private const int MostVersions = 1000;

    /// <summary>Which model versions pass the filter, in its order; their rows are another question, which a cache may answer.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">Filter or page cannot be taken, or the database is away.</exception>
    public Task<Page<FoundModel>> SearchAsync(ModelFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        page.CheckLimit();
        return DatabaseOutage.GuardAsync(async () =>
        {
            var found = await FindAsync(filter, page, cancellationToken);
            var rows = found.Take(page.Limit).Select(row => row.Model).ToArray();
            var cursor = found.Count > page.Limit
                ? SortedCursor.Of(SortOrder.Parse(filter.Sort).Text, found[page.Limit - 1].Value, rows[^1].Id)
                : null;
            return new Page<FoundModel>(rows, cursor);
        });
    }

    /// <summary>Rows by id, in no order, without the reports of their validation; a row that is gone is not among them.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public Task<IReadOnlyList<ListedModel>> ReadListedAsync(Guid[] ids, CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<ListedModel>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await db.Models.AsNoTracking().Where(model => ids.Contains(model.Id)).Select(ListedModel.WithVersion)
                .ToListAsync(cancellationToken);
        });

    /// <summary>All versions of a model, archived ones too, newest first, without the reports of their validation.</summary>
    public Task<IReadOnlyList<AiModel>> ReadVersionsAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync<AiModel>(
            rows => rows.Where(model => model.Name == name)
                .OrderByDescending(model => model.CreatedAt).ThenByDescending(model => model.Id).Select(ListedModel.Columns),
            cancellationToken);

    /// <summary>Aliases of a model, those of the fleet first.</summary>
    public Task<IReadOnlyList<ModelAlias>> ReadAliasesAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync<ModelAlias>(
            rows => rows.Where(alias => alias.Name == name).OrderBy(alias => alias.Alias).ThenBy(alias => alias.SiteId != null).ThenBy(alias => alias.Id),
            cancellationToken);

    /// <summary>All categories, by family and name.</summary>
    public Task<IReadOnlyList<ModelCategory>> ReadCategoriesAsync(CancellationToken cancellationToken) =>
        ReadAsync<ModelCategory>(
            rows => rows.OrderBy(category => category.Family).ThenBy(category => category.Name != category.Family).ThenBy(category => category.Name),
            cancellationToken);

    private async Task<List<(FoundModel Model, string? Value)>> FindAsync(ModelFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = ModelSearch.Command(database, filter, page);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(FoundModel, string?)>(page.Limit + 1);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((
                new(reader.GetGuid(0), reader.GetFieldValue<uint>(1)),
                await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2)));
        }

        return found;
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(Func<IQueryable<T>, IQueryable<T>> choose, CancellationToken cancellationToken)
        where T : class =>
        DatabaseOutage.GuardAsync<IReadOnlyList<T>>(async () =>
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            return await choose(db.Set<T>().AsNoTracking()).Take(MostVersions).ToListAsync(cancellationToken);
        });
}
