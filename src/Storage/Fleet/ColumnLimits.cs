using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>What each column of a table can hold, as the database says. Read only to explain a refused value.</summary>
internal sealed class ColumnLimits
{
    private const string Sql = """
        SELECT
            column_name,
            character_maximum_length,
            numeric_precision - numeric_scale AS whole_digits
        FROM information_schema.columns
        WHERE table_schema = current_schema()
            AND table_name = @table
        """;

    private readonly Dictionary<string, (int? Length, int? WholeDigits)> _columns = [];

    public static async Task<ColumnLimits> ReadAsync(DbContext db, string table)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = Sql;
        command.Parameters.Add(new Npgsql.NpgsqlParameter("table", table));
        await using var reader = await command.ExecuteReaderAsync();
        var limits = new ColumnLimits();
        while (await reader.ReadAsync())
        {
            limits._columns[reader.GetString(0)] = (NumberOf(reader, 1), NumberOf(reader, 2));
        }

        return limits;
    }

    /// <summary>Whether the column can hold the value.</summary>
    public bool Fits(PropertyEntry property)
    {
        var (length, wholeDigits) = _columns.GetValueOrDefault(property.Metadata.GetColumnName());
        return property.CurrentValue switch
        {
            string text => !text.Contains('\0', StringComparison.Ordinal) && !(text.EnumerateRunes().Count() > length),
            decimal number => wholeDigits is null || Math.Abs(number) < (decimal)Math.Pow(10, wholeDigits.Value),
            JsonText json => IsJson(json.Value),
            _ => true,
        };
    }

    private static int? NumberOf(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Convert.ToInt32(reader.GetValue(column), CultureInfo.InvariantCulture);

    // JSONB takes any JSON but the zero character.
    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return !text.Contains("\\u0000", StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
