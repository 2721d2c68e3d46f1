using Npgsql;
using NpgsqlTypes;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Many rows in one statement: a parameter per column, each an array, for <c>unnest</c>.</summary>
internal static class ColumnArrays
{
    /// <summary>Adds one column of all rows as the next parameter.</summary>
    public static void AddColumn<TRow, TValue>(
        this NpgsqlBatchCommand command, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<TValue[]> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
