using Npgsql;
using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Files that nothing refers to: of an upload whose end nobody saw, because database or silo went away in between.</summary>
internal sealed class UnusedFiles(NpgsqlDataSource database, ModelFileStore store)
{
    // The rest an hour later.
    private const string FindSql = """
        SELECT sha256
        FROM model_files
        WHERE stored_at < $1 AND NOT is_model_file_used('sha256/' || sha256)
        ORDER BY stored_at
        LIMIT 1000
        """;

    /// <summary>Removes those stored before a time; what a registration under way has taken up meanwhile stays.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RemoveAsync(DateTimeOffset storedBefore, CancellationToken cancellationToken)
    {
        var found = await database.ReadAllAsync(FindSql, [new() { Value = storedBefore }], row => row.GetString(0), cancellationToken);
        var removed = 0;
        foreach (var sha256 in found)
        {
            removed += await store.DeleteIfUnusedAsync(ModelFilePath.Of(sha256), cancellationToken) ? 1 : 0;
        }

        return removed;
    }
}
