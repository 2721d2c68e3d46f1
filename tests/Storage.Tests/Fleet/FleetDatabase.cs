using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Models;
using OrleansAiFleet.Storage.Tests.Models;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Fleet;

/// <summary>A migrated database with everything a host registers over it.</summary>
public sealed class FleetDatabase : IAsyncLifetime
{
    private PostgresDatabase _postgres = null!;
    private ServiceProvider _services = null!;

    public NpgsqlDataSource Database => Get<NpgsqlDataSource>();

    public string ConnectionString => _postgres.ConnectionString;

    public IDbContextFactory<FleetContext> Contexts => Get<IDbContextFactory<FleetContext>>();

    internal FleetGrainStorage Storage => new(Contexts, Database, NullLogger<FleetGrainStorage>.Instance);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        _postgres = await PostgresDatabase.CreateAsync();
        _services = Services(_postgres.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>Stores a row as its grain would.</summary>
    internal async Task<T> StoreAsync<T>(T row)
        where T : class
    {
        var id = (Guid)typeof(T).GetProperty("Id")!.GetValue(row)!;
        return (await new RowTable<T>(Contexts).WriteAsync(id, row, null)).Row;
    }

    internal static ServiceProvider Services(string connectionString) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IAuditSigner>(new HmacAuditSigner("a key that only these tests have ever known"u8))
        .AddSingleton<IDataKeyWrapper>(new MasterKeyWrapper([TestKeys.Current]))
        .AddFleetStorage(connectionString)
        .BuildServiceProvider();

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
