using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Fleet;

/// <summary>Says in the API's words why PostgreSQL refused a row, and which field is at fault.</summary>
internal static class RowRefusals
{
    /// <summary>The row's own id is there already.</summary>
    public static bool IsTakenId(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } refused
        && refused.ConstraintName == $"{refused.TableName}_pkey";

    /// <summary>Whether it is the row's fault: a value (class 22) or a constraint (class 23).</summary>
    public static bool IsRefusal(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: ['2', '2' or '3', ..] };

    /// <summary>The refusal of a write that <see cref="IsRefusal"/> is true of.</summary>
    public static async Task<FleetRefusedException> OfWriteAsync(
        DbUpdateException exception, EntityEntry entry, DbContext db)
    {
        var refused = (PostgresException)exception.InnerException!;
        var columns = ColumnsOf(refused, entry.Metadata);
        var field = columns.LastOrDefault() ?? refused.ColumnName;
        return refused.SqlState switch
        {
            PostgresErrorCodes.UniqueViolation =>
                new(RefusalKind.Conflict, field, $"Another row has this {string.Join(" and ", columns)} already."),
            PostgresErrorCodes.ForeignKeyViolation =>
                new(RefusalKind.Invalid, field, $"What {field} names does not exist."),
            PostgresErrorCodes.CheckViolation =>
                new(RefusalKind.Invalid, field, $"The value of {field ?? "a field"} is out of range."),

            // A trigger's own words.
            PostgresErrorCodes.IntegrityConstraintViolation => new(RefusalKind.Conflict, refused.ColumnName, refused.MessageText),
            PostgresErrorCodes.NotNullViolation => new(RefusalKind.Invalid, field, $"{field} is missing."),
            _ => await OfValueAsync(refused, entry, db),
        };
    }

    /// <summary>The refusal of a delete, or null where the failure is of another kind.</summary>
    public static FleetRefusedException? FindOfDelete(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } refused
            ? new(RefusalKind.Conflict, null, $"It is still in use: rows of {refused.TableName} refer to it.")
            : null;

    // A value that does not fit its column: PostgreSQL does not say which, so the values are measured again.
    private static async Task<FleetRefusedException> OfValueAsync(
        PostgresException refused, EntityEntry entry, DbContext db)
    {
        var limits = await ColumnLimits.ReadAsync(db, entry.Metadata.GetTableName()!);
        var field = entry.Properties
            .Where(property => !limits.Fits(property))
            .Select(property => NameOf(property.Metadata))
            .FirstOrDefault();
        return new(RefusalKind.Invalid, field, $"{field ?? "A value"} cannot be stored: {refused.MessageText}.");
    }

    // Constraints are named <table>_<columns>_<key|fkey|check>, as PostgreSQL names them by itself.
    private static string[] ColumnsOf(PostgresException refused, ITypeBase row)
    {
        var name = refused.ConstraintName ?? "";
        var prefix = $"{refused.TableName}_";
        var end = name.LastIndexOf('_');
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || end <= prefix.Length)
        {
            return [];
        }

        return Split(name[prefix.Length..end], [.. row.GetProperties().Select(NameOf)]) ?? [];
    }

    private static string[]? Split(string joined, IReadOnlyList<string> columns)
    {
        if (columns.Contains(joined))
        {
            return [joined];
        }

        foreach (var column in columns.Where(column => joined.StartsWith(column + "_", StringComparison.Ordinal)))
        {
            if (Split(joined[(column.Length + 1)..], columns) is { } rest)
            {
                return [column, .. rest];
            }
        }

        return null;
    }

    private static string NameOf(IReadOnlyProperty property) => property.GetColumnName();
}
