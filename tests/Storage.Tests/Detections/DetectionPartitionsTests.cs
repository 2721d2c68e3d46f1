using Npgsql;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class DetectionPartitionsTests : IAsyncLifetime
{
    private static readonly DateOnly Today = new(2026, 3, 4);
    private readonly DetectionRetentionOptions _options = new() { RetentionDays = 7, DaysAhead = 2 };
    private PostgresDatabase _postgres = null!;
    private NpgsqlDataSource _database = null!;
    private DetectionPartitions _partitions = null!;

    public async Task InitializeAsync()
    {
        _postgres = await PostgresDatabase.CreateAsync();
        _database = NpgsqlDataSource.Create(_postgres.ConnectionString);
        _partitions = new(_database);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task Today_and_the_days_ahead_get_their_partitions_once()
    {
        var first = await MaintainAsync(Today);
        var again = await MaintainAsync(Today);
        await StoreAsync(Batches.Noon, 3);

        Assert.Equal(["detections_20260304", "detections_20260305", "detections_20260306"], first.Made);
        Assert.Empty(again.Made);
        Assert.Equal(3, await CountAsync("detections_20260304"));
    }

    [Fact]
    public async Task Rows_of_a_day_without_partition_move_into_it_when_it_is_made()
    {
        await StoreAsync(Batches.Noon, 5);
        await StoreAsync(Batches.Noon.AddDays(-3), 2);
        await StoreAsync(Batches.Noon.AddDays(20), 1);

        var changes = await MaintainAsync(Today);

        Assert.Equal(7, changes.MovedRows);
        Assert.Equal(5, await CountAsync("detections_20260304"));
        Assert.Equal(2, await CountAsync("detections_20260301"));
        Assert.Equal(1, await CountAsync("detections_default"));
        Assert.Equal(8, await _database.CountDetectionsAsync());
    }

    [Fact]
    public async Task Days_past_retention_are_dropped_and_the_others_stay()
    {
        await MaintainAsync(Today);
        await StoreAsync(Batches.Noon, 5);
        await StoreAsync(Batches.Noon.AddDays(1), 4);

        var kept = await MaintainAsync(Today.AddDays(7));
        var after = await MaintainAsync(Today.AddDays(8));

        Assert.Empty(kept.Dropped);
        Assert.Equal(["detections_20260304"], after.Dropped);
        Assert.Equal(4, await _database.CountDetectionsAsync());
    }

    [Fact]
    public async Task Rows_without_partition_past_retention_are_deleted()
    {
        await StoreAsync(Batches.Noon.AddDays(-8), 3);
        await StoreAsync(Batches.Noon.AddDays(-7), 2);

        var changes = await MaintainAsync(Today);

        Assert.Equal(3, changes.DeletedRows);
        Assert.Equal(2, await _database.CountDetectionsAsync());
    }

    [Fact]
    public async Task Several_silos_at_once_make_each_partition_once()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => _partitions.MaintainAsync(Today, _options, CancellationToken.None)));

        var made = all.OfType<PartitionChanges>().SelectMany(changes => changes.Made).ToList();
        Assert.Equal(3, made.Count);
        Assert.Equal(3, made.Distinct().Count());
    }

    [Fact]
    public async Task Partition_gives_up_on_a_lock_that_a_writer_holds_and_comes_back_later()
    {
        _options.LockTimeout = TimeSpan.FromMilliseconds(20);
        await StoreAsync(Batches.Noon, 1);
        await using (var writer = await _database.OpenConnectionAsync())
        {
            await using var transaction = await writer.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("LOCK TABLE detections_default IN ROW EXCLUSIVE MODE", writer);
            await command.ExecuteNonQueryAsync();

            await Assert.ThrowsAsync<PostgresException>(
                () => _partitions.MaintainAsync(Today, _options, CancellationToken.None));
        }

        Assert.Equal(1, (await MaintainAsync(Today)).MovedRows);
    }

    private async Task<PartitionChanges> MaintainAsync(DateOnly today) =>
        Assert.IsType<PartitionChanges>(await _partitions.MaintainAsync(today, _options, CancellationToken.None));

    private Task<long> StoreAsync(DateTimeOffset at, int rows) =>
        new FrameBatchSql(_database, TimeSpan.FromSeconds(10)).StoreAsync([Batches.Of(rows, at)], CancellationToken.None);

    private Task<long> CountAsync(string table) => _database.ScalarAsync<long>($"SELECT count(*) FROM {table}");
}
