using System.Diagnostics;

using Npgsql;

using OrleansAiFleet.Silo.Tests.Access;
using OrleansAiFleet.Silo.Tests.Fleet;

namespace OrleansAiFleet.Silo.Tests.Models.Fuzz;

/// <summary>What the database has after an attack.</summary>
internal static class StoredRegistry
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Every version has its file, every file is of something, and the silo answers. Waits a little: whoever closed its
    /// connection in the middle is cleaned up after when the server notices.
    /// </summary>
    public static async Task AssertWholeAsync(this ControlSilo silo)
    {
        await using var database = NpgsqlDataSource.Create(silo.ConnectionString);
        Assert.Empty(await ReadAsync(
            database,
            """
            SELECT name || ' ' || version FROM ai_models
            WHERE model_file_path LIKE 'sha256/%' AND NOT EXISTS (SELECT 1 FROM model_files WHERE sha256 = substr(model_file_path, 8))
            """));
        var started = Stopwatch.GetTimestamp();
        List<string> orphans;
        while ((orphans = await ReadAsync(database, "SELECT sha256 FROM model_files WHERE NOT is_model_file_used('sha256/' || sha256)")).Count > 0
            && Stopwatch.GetElapsedTime(started) < Limit)
        {
            await Task.Delay(50);
        }

        Assert.Empty(orphans);
        Assert.Empty(await ReadAsync(database, "SELECT DISTINCT content_id::TEXT FROM model_file_chunks WHERE content_id NOT IN (SELECT content_id FROM model_files)"));
        await (await silo.Administrator.Get("/api/admin/ai-models?limit=500&include_archived=true")).Read<System.Text.Json.Nodes.JsonObject>();
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource database, string query)
    {
        await using var command = database.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
