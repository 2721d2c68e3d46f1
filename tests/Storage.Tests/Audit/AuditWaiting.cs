using System.Diagnostics;
using OrleansAiFleet.Storage.Tests.Fleet;

namespace OrleansAiFleet.Storage.Tests.Audit;

/// <summary>Server processes that wait for the trail's lock.</summary>
internal static class AuditWaiting
{
    private const string Waiting = """
        SELECT pid
        FROM pg_locks
        WHERE locktype = 'advisory'
            AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    /// <summary>Waits until somebody waits for it.</summary>
    public static Task AwaitAuditWaiterAsync(this FleetDatabase database) => UntilAsync(database, $"SELECT count(*) > 0 FROM ({Waiting}) AS w");

    /// <summary>Ends the process of whoever waits for it.</summary>
    public static Task TerminateAuditWaiterAsync(this FleetDatabase database) =>
        UntilAsync(database, $"SELECT coalesce(bool_or(pg_terminate_backend(pid)), FALSE) FROM ({Waiting}) AS w");

    private static async Task UntilAsync(FleetDatabase database, string sql)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            await using var command = database.Database.CreateCommand(sql);
            if (await command.ExecuteScalarAsync() is true)
            {
                return;
            }

            Assert.True(started.Elapsed < TimeSpan.FromSeconds(30), "Nobody waits for the trail's lock.");
            await Task.Delay(10);
        }
    }
}
