using Npgsql;

namespace OrleansAiFleet.Storage.Tests.Detections;

/// <summary>What stands in the database.</summary>
internal static class DetectionRows
{
    public static async Task<T> ScalarAsync<T>(this NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static Task<long> CountDetectionsAsync(this NpgsqlDataSource database) =>
        database.ScalarAsync<long>("SELECT count(*) FROM detections");
}
