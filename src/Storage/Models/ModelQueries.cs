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

    /// <summary>Model versions that pass the filter, in its order, without the reports of their validation.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">Filter or page cannot be taken, or the database is away.</exception>
    public Task<Page<AiModel>> ListAsync(ModelFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        page.CheckLimit();
        return DatabaseOutage.GuardAsync(async () =>
        {
            var found = await SearchAsync(filter, page, cancellationToken);
            var more = found.Count > page.Limit;
            var ids = found.Take(page.Limit).Select(row => row.Id).ToArray();
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var rows = await db.Models.AsNoTracking().Where(model => ids.Contains(model.Id)).Select(ListedModel.Columns)
                .ToDictionaryAsync(model => model.Id, cancellationToken);
            return new Page<AiModel>(
                [.. ids.Where(rows.ContainsKey).Select(id => rows[id])],
                more ? SortedCursor.Of(SortOrder.Parse(filter.Sort).Text, found[page.Limit - 1].Value, ids[^1]) : null);
        });
    }

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

    private async Task<List<(Guid Id, string? Value)>> SearchAsync(ModelFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await using var command = ModelSearch.Command(database, filter, page);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid, string?)>(page.Limit + 1);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetGuid(0), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1)));
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
