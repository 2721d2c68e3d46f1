using Npgsql;
using NpgsqlTypes;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Reads what a statement gives.</summary>
internal static class Reading
{
    /// <summary>All rows of a statement that bounds them itself.</summary>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The database is away.</exception>
    public static Task<IReadOnlyList<T>> ReadAllAsync<T>(
        this NpgsqlDataSource database,
        string sql,
        NpgsqlParameter[] parameters,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken) =>
        DatabaseOutage.GuardAsync<IReadOnlyList<T>>(async () =>
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.AddRange(parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(read(reader));
            }

            return rows;
        });

    /// <summary>A parameter that may be null.</summary>
    public static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>Ids, or null.</summary>
    public static NpgsqlParameter Ids(Guid[]? ids) => Nullable(ids, NpgsqlDbType.Uuid | NpgsqlDbType.Array);
}
