using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace OrleansAiFleet.Storage.Audit;

/// <summary>A row that a context is about to change, and how the database is asked for it.</summary>
internal sealed class ChangedRow
{
    private readonly EntityEntry _entry;
    private readonly EntityState _change;
    private readonly IReadOnlyList<IProperty> _key;

    private ChangedRow(EntityEntry entry)
    {
        _entry = entry;
        _change = entry.State;
        _key = entry.Metadata.FindPrimaryKey()!.Properties;
        Table = entry.Metadata.GetTableName()!;
    }

    public string Table { get; }

    /// <summary>Values of the key, parted by a stroke.</summary>
    public string Id => string.Join('/', _key.Select(property => Convert.ToString(ValueOf(property), CultureInfo.InvariantCulture)));

    /// <summary>It stands in the database before the change.</summary>
    public bool WasThere => _change is not EntityState.Added;

    /// <summary>It stands in the database after the change.</summary>
    public bool Stays => _change is not EntityState.Deleted;

    /// <summary>As the database wrote it before the change.</summary>
    public string? Before { get; set; }

    /// <summary>The rows of audited tables that a save would change.</summary>
    public static IReadOnlyList<ChangedRow> In(DbContext db) =>
    [
        .. db.ChangeTracker.Entries()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .Where(entry => entry.Metadata.GetTableName() is { } table && AuditPolicy.IsAudited(table))
            .Select(entry => new ChangedRow(entry)),
    ];

    /// <summary>Reads the row and holds it as its change will: nobody else changes it in between.</summary>
    public NpgsqlBatchCommand Hold() => Read(_change == EntityState.Deleted ? " FOR UPDATE" : " FOR NO KEY UPDATE");

    /// <summary>Reads the row as JSON.</summary>
    public NpgsqlBatchCommand Read() => Read("");

    private NpgsqlBatchCommand Read(string holding)
    {
        var sql = _entry.Context.GetService<ISqlGenerationHelper>();
        var table = sql.DelimitIdentifier(Table, _entry.Metadata.GetSchema());
        var conditions = _key.Select((property, i) => string.Create(
            CultureInfo.InvariantCulture, $"changed.{sql.DelimitIdentifier(property.GetColumnName())} = ${i + 1}"));
        var command = new NpgsqlBatchCommand(
            $"SELECT row_to_json(changed)::TEXT FROM {table} AS changed WHERE {string.Join(" AND ", conditions)}{holding}");
        foreach (var property in _key)
        {
            command.Parameters.Add(new() { Value = ValueOf(property) });
        }

        return command;
    }

    // A key that the database gives is known once the row is saved.
    private object ValueOf(IProperty property)
    {
        var value = _entry.Property(property.Name).CurrentValue!;
        return property.GetTypeMapping().Converter?.ConvertToProvider(value) ?? value;
    }
}
