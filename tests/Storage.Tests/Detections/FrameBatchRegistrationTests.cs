using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using OrleansAiFleet.Storage.Audit;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class FrameBatchRegistrationTests : IAsyncLifetime
{
    private readonly JournalParent _parent = new();
    private PostgresDatabase _postgres = null!;

    public async Task InitializeAsync() => _postgres = await PostgresDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        await _postgres.DisposeAsync();
        _parent.Delete();
    }

    [Fact]
    public async Task Host_stores_batches_and_makes_partitions()
    {
        await using (var database = NpgsqlDataSource.Create(_postgres.ConnectionString))
        using (var host = Build(database))
        {
            await host.StartAsync();
            await host.Services.GetRequiredService<FrameBatchWriter>()
                .WriteAsync(Batches.Of(3, TimeProvider.System.GetUtcNow()), CancellationToken.None);
            await Poll.UntilAsync(() => Partitions(database) == 3, () => $"{Partitions(database)} partitions");
            await host.StopAsync();

            Assert.Equal(3, await database.CountDetectionsAsync());
        }

        Assert.Empty(Directory.GetFiles(_parent.Options.JournalFolder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Fleets_of_other_databases_keep_their_journals_apart()
    {
        await using var one = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=one;Password=secret");
        await using var other = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=other;Password=secret");
        using var first = Build(one);
        using var second = Build(other);

        Assert.NotEqual(FolderOf(first), FolderOf(second));
        Assert.StartsWith(_parent.Options.JournalFolder, FolderOf(first), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fleet:FrameBatches:CommandTimeout", "00:00:00")]
    [InlineData("Fleet:FrameBatches:JournalBytes", "1")]
    [InlineData("Fleet:Detections:RetentionDays", "0")]
    public async Task Setting_out_of_range_stops_the_host_at_its_start(string key, string value)
    {
        await using var database = NpgsqlDataSource.Create(_postgres.ConnectionString);
        using var host = Build(database, (key, value));

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    private static string FolderOf(IHost host) =>
        host.Services.GetRequiredService<IOptions<FrameBatchOptions>>().Value.JournalFolder;

    private static long Partitions(NpgsqlDataSource database)
    {
        using var command = database.CreateCommand(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'detections'::regclass AND inhrelid <> 'detections_default'::regclass");
        return (long)command.ExecuteScalar()!;
    }

    private IHost Build(NpgsqlDataSource database, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            [
                new("Fleet:FrameBatches:JournalFolder", _parent.Options.JournalFolder),
                new("Fleet:Detections:DaysAhead", "2"),
                .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
            ]);
        builder.Services.AddLogging().AddSingleton<IAuditSigner>(new HmacAuditSigner("a key that only these tests have ever known"u8));
        builder.Services.AddFleetStorage(database.ConnectionString).AddSingleton(database).AddFrameBatches().AddDataRetention();
        return builder.Build();
    }
}
