using Npgsql;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class OutageTests : IAsyncLifetime
{
    private readonly JournalParent _parent = new();
    private PrivatePostgres _server = null!;
    private NpgsqlDataSource _database = null!;

    public async Task InitializeAsync()
    {
        _server = await PrivatePostgres.CreateAsync();
        _database = NpgsqlDataSource.Create(_server.ConnectionStringOf("fleet"));
        await new DatabaseMigrator(_database).MigrateAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _server.DisposeAsync();
        _parent.Delete();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Database_that_goes_and_comes_back_has_everything_once_and_in_order(bool crash)
    {
        // Little memory and small files: most of what waits must be read back, over several files.
        (_parent.Options.QueueRows, _parent.Options.SegmentBytes) = (40, 8192);
        await using var running = await RunningWriter.StartAsync(_parent, _database);
        List<FrameBatch> written = [];

        await WriteAsync(20);
        await (crash ? _server.KillAsync() : _server.StopAsync());
        await WriteAsync(100);
        await Poll.UntilAsync(() => running.Writer.JournaledBatches >= 100, () => $"{running.Writer.JournaledBatches}");
        await _server.StartAsync();
        await WriteAsync(20);
        await running.StoredAsync(140);

        Assert.Equal(written.Sum(batch => batch.Detections.Count), await _database.CountDetectionsAsync());
        Assert.Equal(IdsOf(written), IdsOf(running.Stored));
        Assert.Equal(0, running.Writer.JournaledBatches);
        Assert.Empty(_parent.Rejected);

        async Task WriteAsync(int batches)
        {
            for (var i = 0; i < batches; i++)
            {
                written.Add(Batches.Of(3));
                await running.Writer.WriteAsync(written[^1], CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task What_could_not_be_stored_is_stored_by_the_next_process()
    {
        await using (var first = await RunningWriter.StartAsync(_parent, _database))
        {
            await _server.StopAsync();
            await first.Writer.WriteAsync(Batches.Of(7), CancellationToken.None);
            await Poll.UntilAsync(() => first.Writer.JournaledBatches == 1, () => "not journaled");
        }

        await _server.StartAsync();
        await using var second = await RunningWriter.StartAsync(_parent, _database);
        await second.StoredAsync(1);

        Assert.Equal(7, await _database.CountDetectionsAsync());
        await Poll.UntilAsync(() => _parent.Journals.Count() == 1, () => "the dead process's journal is still there");
    }

    [Fact]
    public async Task Missing_table_is_waited_for_and_nothing_is_rejected()
    {
        await using var empty = NpgsqlDataSource.Create(_server.ConnectionStringOf("empty"));
        await using var running = await RunningWriter.StartAsync(_parent, empty);
        await running.Writer.WriteAsync(Batches.Of(2), CancellationToken.None);
        await Poll.UntilAsync(() => running.Writer.JournaledBatches == 1, () => "not journaled");

        await new DatabaseMigrator(empty).MigrateAsync(CancellationToken.None);
        await running.StoredAsync(1);

        Assert.Equal(2, await empty.CountDetectionsAsync());
        Assert.Empty(_parent.Rejected);
    }

    private static IEnumerable<Guid> IdsOf(IEnumerable<FrameBatch> batches) =>
        batches.SelectMany(batch => batch.Detections).Select(detection => detection.Id);
}
