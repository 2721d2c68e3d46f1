using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Silo.Fleet;
using OrleansAiFleet.Storage.Models;

using Stored = OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Silo.Models;

/// <summary>
/// Pages of the registry. A row's JSON is kept under its id with the version that the row then had: the search says which version
/// a row has now, so that nothing old is shown, whoever changed it and wherever.
/// </summary>
internal sealed class ModelPages(ModelQueries queries) : IDisposable
{
    /// <summary>JSON of all rows kept; some 20 000 versions.</summary>
    private const long MostBytes = 64 << 20;

    /// <summary>What an entry takes beside its JSON.</summary>
    private const int EntryBytes = 256;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    // More at once than there are cores only make each other late: the slowest of a hundred then takes three times as long.
    private readonly SemaphoreSlim _searches = new(Environment.ProcessorCount);

    /// <summary>One page.</summary>
    /// <exception cref="FleetRefusedException">Filter or page cannot be taken, or the database is away.</exception>
    public async Task<JsonPage> ListAsync(ModelFilter filter, Stored.PageRequest page, CancellationToken cancellationToken)
    {
        var found = await SearchAsync(filter, page, cancellationToken);
        var items = new byte[found.Items.Count][];
        var missing = new Dictionary<Guid, int>();
        for (var i = 0; i < items.Length; i++)
        {
            if (Find(found.Items[i]) is { } json)
            {
                items[i] = json;
            }
            else
            {
                missing.Add(found.Items[i].Id, i);
            }
        }

        if (missing.Count > 0)
        {
            await FillAsync(items, missing, cancellationToken);
        }

        return new([.. items.Where(item => item is not null)], found.NextCursor);
    }

    public void Dispose()
    {
        _kept.Dispose();
        _searches.Dispose();
    }

    private async Task<Stored.Page<FoundModel>> SearchAsync(ModelFilter filter, Stored.PageRequest page, CancellationToken cancellationToken)
    {
        await _searches.WaitAsync(cancellationToken);
        try
        {
            return await queries.SearchAsync(filter.ToStored(), page, cancellationToken);
        }
        finally
        {
            _searches.Release();
        }
    }

    private byte[]? Find(FoundModel row) =>
        _kept.TryGetValue(row.Id, out Entry? entry) && entry!.RowVersion == row.RowVersion ? entry.Json : null;

    // A row that was removed since the search leaves its place empty.
    private async Task FillAsync(byte[][] items, Dictionary<Guid, int> missing, CancellationToken cancellationToken)
    {
        foreach (var row in await queries.ReadListedAsync([.. missing.Keys], cancellationToken))
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(row.Model, FleetJson.Options);
            items[missing[row.Model.Id]] = json;
            _kept.Set(row.Model.Id, new Entry(row.RowVersion, json), new MemoryCacheEntryOptions { Size = json.Length + EntryBytes });
        }
    }

    private sealed record Entry(uint RowVersion, byte[] Json);
}
