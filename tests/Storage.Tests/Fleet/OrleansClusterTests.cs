using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Fleet;

/// <summary>Two real silos and a client that find each other, keep state and remember in PostgreSQL alone.</summary>
public sealed class OrleansClusterTests : IAsyncLifetime
{
    private readonly List<IHost> _silos = [];
    private PostgresDatabase _postgres = null!;
    private IHost _client = null!;
    private NpgsqlDataSource _database = null!;

    private IGrainFactory Grains => _client.Services.GetRequiredService<IGrainFactory>();

    public async Task InitializeAsync()
    {
        _postgres = await PostgresDatabase.CreateAsync();
        _database = NpgsqlDataSource.Create(_postgres.ConnectionString);
        _silos.Add(await StartAsync(Silo));
        _silos.Add(await StartAsync(Silo));
        _client = await StartAsync(builder => builder.UseOrleansClient(client => client
            .UseFleetPostgres()
            .Configure<ClusterOptions>(SetCluster)));
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _silos.Prepend(_client))
        {
            await host.StopAsync();
            host.Dispose();
        }

        await _database.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task Two_silos_are_active_and_state_outlives_the_silo_that_wrote_it()
    {
        Assert.Equal(2L, await ScalarAsync("SELECT count(*) FROM OrleansMembershipTable WHERE Status = 3"));
        var notes = Enumerable.Range(0, 20).Select(_ => Grains.GetGrain<INoteGrain>(Guid.NewGuid())).ToArray();
        await Task.WhenAll(notes.Select(note => note.Write("kept")));

        await _silos[0].StopAsync();
        _silos[0].Dispose();
        _silos.RemoveAt(0);

        Assert.All(await Task.WhenAll(notes.Select(note => note.Read())), text => Assert.Equal("kept", text));
        Assert.Equal(20L, await ScalarAsync(
            "SELECT count(*) FROM OrleansStorage WHERE convert_from(PayloadBinary, 'UTF8')::jsonb ->> 'Text' = 'kept'"));
    }

    [Fact]
    public async Task State_that_was_changed_underneath_is_not_overwritten()
    {
        var note = Grains.GetGrain<INoteGrain>(Guid.NewGuid());
        await note.Write("first");
        await ScalarAsync("UPDATE OrleansStorage SET Version = Version + 1");

        await Assert.ThrowsAnyAsync<Exception>(() => note.Write("second"));

        Assert.Equal("first", await note.Read());
    }

    [Fact]
    public async Task Row_state_is_written_through_the_fleet_provider_and_guarded_by_its_version()
    {
        var id = Guid.NewGuid();
        var note = Grains.GetGrain<INoteGrain>(id);
        Assert.Equal("North", await note.Rename("North"));
        Assert.Equal("South", await note.Rename("South"));
        await ScalarAsync("UPDATE sites SET country_code = 'NO'");

        await Assert.ThrowsAnyAsync<Exception>(() => note.Rename("East"));

        Assert.Equal("South", await ScalarAsync("SELECT name::text FROM sites"));
    }

    [Fact]
    public async Task Refusal_of_a_row_reaches_the_caller_with_its_field()
    {
        await Grains.GetGrain<INoteGrain>(Guid.NewGuid()).Rename("Taken");

        var error = await Assert.ThrowsAnyAsync<Exception>(() => Grains.GetGrain<INoteGrain>(Guid.NewGuid()).Rename("Taken"));

        var refused = Assert.IsType<FleetRefusedException>(error.GetBaseException());
        Assert.Equal((RefusalKind.Conflict, "name"), (refused.Kind, refused.Field));
    }

    [Fact]
    public async Task Reminder_is_kept_and_fires()
    {
        var note = Grains.GetGrain<INoteGrain>(Guid.NewGuid());

        await note.Remind();

        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM OrleansRemindersTable"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await note.CountReminders() == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }
    }

    private static void SetCluster(ClusterOptions options) => (options.ClusterId, options.ServiceId) = ("tests", "fleet");

    private static void Silo(HostApplicationBuilder builder) => builder.UseOrleans(silo => silo
        .UseFleetPostgres()
        .Configure<ClusterOptions>(SetCluster)
        .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort()));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<IHost> StartAsync(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.Services.AddFleetStorage(_postgres.ConnectionString);
        configure(builder);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
