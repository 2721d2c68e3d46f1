using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using Npgsql;

using OrleansAiFleet.Hosting.Fleet;
using OrleansAiFleet.Storage.Access;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Silo.Tests.Hosting;

/// <summary>A host that was up before its database had a schema.</summary>
public sealed class SchemaWatchTests
{
    [Fact]
    public async Task Client_that_saw_the_database_empty_reads_its_types_when_they_are_there()
    {
        await using var database = await PostgresDatabase.CreateAsync(migrated: false);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["ConnectionStrings:Fleet"] = database.ConnectionString,
            ["Fleet:MasterKey:Value"] = Convert.ToBase64String(new byte[32]),
        });
        builder.AddFleet(FleetRole.Console).UseFleetClient();
        await using var app = builder.Build();
        await using (var early = await app.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        {
            // Its types are those of an empty database now.
        }

        var running = app.RunAsync();
        await using (var other = NpgsqlDataSource.Create(database.ConnectionString))
        {
            await new DatabaseMigrator(other).MigrateAsync(CancellationToken.None);
            await using var command = other.CreateCommand("INSERT INTO users (id, user_name) VALUES (gen_random_uuid(), 'ann')");
            await command.ExecuteNonQueryAsync();
        }

        Assert.Equal("ann", await ReadAsync(app));
        app.Lifetime.StopApplication();
        await Record.ExceptionAsync(() => running);
    }

    private static async Task<string?> ReadAsync(WebApplication app)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                await using var db = await app.Services.GetRequiredService<IDbContextFactory<AccessContext>>().CreateDbContextAsync(limit.Token);
                return (await db.Users.AsNoTracking().SingleAsync(limit.Token)).UserName;
            }
            catch (InvalidCastException)
            {
                await Task.Delay(100, limit.Token);
            }
        }
    }
}
