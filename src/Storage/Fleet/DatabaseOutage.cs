using Npgsql;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Tells "the database is away" from everything else, so that callers are told to come back later.</summary>
internal static class DatabaseOutage
{
    /// <summary>No connection, a broken one, a time-out, or a server that shuts down, starts up or is full.</summary>
    public static bool Is(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is NpgsqlException failure)
            {
                return failure is not PostgresException refusal || IsOutage(refusal.SqlState);
            }
        }

        return false;
    }

    /// <summary>What a caller gets instead.</summary>
    public static FleetRefusedException ToRefusal() =>
        new(RefusalKind.Unavailable, null, "The database does not answer at the moment; try again shortly.");

    /// <summary>Runs a query.</summary>
    /// <exception cref="FleetRefusedException">The database is away.</exception>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> query)
    {
        try
        {
            return await query();
        }
        catch (Exception exception) when (Is(exception))
        {
            throw ToRefusal();
        }
    }

    // Classes 08 connection, 53 insufficient resources, 57P operator intervention (shutdown, starting up).
    private static bool IsOutage(string sqlState) =>
        sqlState.StartsWith("08", StringComparison.Ordinal)
        || sqlState.StartsWith("53", StringComparison.Ordinal)
        || sqlState.StartsWith("57P", StringComparison.Ordinal);
}
