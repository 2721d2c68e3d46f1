using Npgsql;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Fleet;

public sealed class SchemaTests : IAsyncLifetime
{
    private const string ColumnSql = """
        SELECT
            format_type(a.atttypid, a.atttypmod),
            t.typtype = 'e',
            pg_get_expr(d.adbin, d.adrelid),
            a.attnotnull,
            (SELECT k.confrelid::regclass::text FROM pg_constraint AS k
             WHERE k.conrelid = a.attrelid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]),
            ARRAY(SELECT e.enumlabel::text FROM pg_enum AS e WHERE e.enumtypid = a.atttypid ORDER BY e.enumsortorder)
        FROM pg_attribute AS a
        JOIN pg_type AS t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = $1::regclass AND a.attname = $2
        """;

    private PostgresDatabase _postgres = null!;
    private NpgsqlDataSource _database = null!;

    public async Task InitializeAsync()
    {
        _postgres = await PostgresDatabase.CreateAsync();
        _database = NpgsqlDataSource.Create(_postgres.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public void Customer_described_five_tables_with_303_columns()
    {
        Assert.Equal(5, CustomerSchema.Columns.Select(column => column.Table).Distinct().Count());
        Assert.Equal(303, CustomerSchema.Columns.Count);
        Assert.Equal(12, CustomerSchema.Columns.Count(column => column.Values.Length > 0));
    }

    [Fact]
    public async Task Every_column_of_the_customer_is_there_with_its_type_default_key_and_values()
    {
        var wrong = new List<string>();
        foreach (var expected in CustomerSchema.Columns)
        {
            var found = await FindAsync(expected);
            var wanted = expected with { NotNull = found?.NotNull ?? false };
            if (found is null || Text(found) != Text(wanted) || (expected.NotNull && !found.NotNull))
            {
                wrong.Add($"wanted {Text(expected)}, found {(found is null ? "nothing" : Text(found))}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Update_that_leaves_updated_at_alone_moves_it()
    {
        const string Sql = """
            INSERT INTO sites (id, name, updated_at) VALUES (gen_random_uuid(), 'North', '2020-01-01Z');
            UPDATE sites SET time_zone = 'Europe/Oslo';
            SELECT updated_at > now() - interval '1 minute' FROM sites
            """;

        await using var command = _database.CreateCommand(Sql);

        Assert.Equal(true, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Every_table_has_a_primary_or_unique_key()
    {
        const string Sql = """
            SELECT c.relname::text
            FROM pg_class AS c
            WHERE c.relnamespace = 'public'::regnamespace
                AND c.relkind IN ('r', 'p')
                AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u'))
            """;

        await using var command = _database.CreateCommand(Sql);

        Assert.Null(await command.ExecuteScalarAsync());
    }

    private static string Text(CustomerColumn column) =>
        $"{column.Table}.{column.Name} {column.Type} default {column.Default} references {column.References} "
        + $"values {string.Join(',', column.Values)} not null {column.NotNull}";

    private async Task<CustomerColumn?> FindAsync(CustomerColumn expected)
    {
        await using var command = _database.CreateCommand(ColumnSql);
        command.Parameters.Add(new() { Value = expected.Table });
        command.Parameters.Add(new() { Value = expected.Name });
        await using var row = await command.ExecuteReaderAsync();
        if (!await row.ReadAsync())
        {
            return null;
        }

        var given = row.IsDBNull(2) ? null : row.GetString(2).Split("::")[0].Trim('\'');
        return new(
            expected.Table,
            expected.Name,
            row.GetBoolean(1) ? "enum" : row.GetString(0),
            given is "true" or "false" ? given.ToUpperInvariant() : given,
            row.GetBoolean(3),
            row.IsDBNull(4) ? null : row.GetString(4),
            row.GetFieldValue<string[]>(5));
    }
}
