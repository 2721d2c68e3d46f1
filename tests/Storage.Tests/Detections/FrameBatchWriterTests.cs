using Microsoft.Extensions.Time.Testing;
using Npgsql;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class FrameBatchWriterTests : IAsyncLifetime
{
    private readonly JournalParent _parent = new();
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
        _parent.Delete();
    }

    [Fact]
    public async Task Detection_is_stored_as_it_was_found()
    {
        var detection = Batches.Detection() with { TrackId = null };
        await using var running = await RunningWriter.StartAsync(_parent, _database);

        await running.Writer.WriteAsync(new([detection], []), CancellationToken.None);
        await running.StoredAsync(1);

        Assert.Equal(1, await _database.ScalarAsync<long>(
            """
            SELECT count(*) FROM detections
            WHERE id = $1 AND camera_id = $2 AND site_id = $3 AND deployment_id = $4 AND model_id = $5
                AND frame_time = '2026-03-04 12:00:00+00' AND frame_number = 7 AND track_id IS NULL
                AND class_id = 3 AND class_name = 'helmet ⛑' AND confidence = 0.75::real
                AND x = 0.1::real AND y = 0.2::real AND width = 0.3::real AND height = 0.4::real
            """,
            detection.Id, detection.CameraId, detection.SiteId, detection.DeploymentId, detection.ModelId));
    }

    [Fact]
    public async Task Batch_written_twice_is_stored_once()
    {
        var (deployment, reporter) = (Guid.NewGuid(), Guid.NewGuid());
        var batch = Batches.Counting(deployment, reporter, sequence: 1, detections: 10, total: 10);
        await using var running = await RunningWriter.StartAsync(_parent, _database);

        await running.Writer.WriteAsync(batch, CancellationToken.None);
        await running.Writer.WriteAsync(batch, CancellationToken.None);
        await running.StoredAsync(1);
        await running.Writer.WriteAsync(batch, CancellationToken.None);
        await running.StoredAsync(3);

        Assert.Equal(10, await _database.CountDetectionsAsync());
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM metric_window_reports"));
    }

    [Fact]
    public async Task Older_report_never_takes_the_place_of_a_newer_one()
    {
        var (deployment, reporter) = (Guid.NewGuid(), Guid.NewGuid());
        var sql = new FrameBatchSql(_database, TimeSpan.FromSeconds(10));

        await sql.StoreAsync([Batches.Counting(deployment, reporter, sequence: 5, detections: 0, total: 50)], default);
        await sql.StoreAsync([Batches.Counting(deployment, reporter, sequence: 4, detections: 0, total: 40)], default);
        await sql.StoreAsync(
            [
                Batches.Counting(deployment, reporter, sequence: 3, detections: 0, total: 30),
                Batches.Counting(deployment, reporter, sequence: 6, detections: 0, total: 60),
                Batches.Counting(deployment, reporter, sequence: 2, detections: 0, total: 20),
            ],
            default);

        var report = await sql.ReadReportAsync(new(deployment, Batches.Noon), reporter, default);
        Assert.Equal((6, 60), (report!.Sequence, report.Totals.Detections));
    }

    [Fact]
    public async Task Windows_total_equals_the_detections_stored_for_it()
    {
        const int Producers = 4;
        var deployments = Enumerable.Range(0, Producers).Select(_ => Guid.NewGuid()).ToArray();
        await using var running = await RunningWriter.StartAsync(_parent, _database);

        await Task.WhenAll(deployments.Select(async deployment =>
        {
            var reporter = Guid.NewGuid();
            for (var sequence = 1; sequence <= 50; sequence++)
            {
                var batch = Batches.Counting(deployment, reporter, sequence, detections: 3, total: sequence * 3);
                await running.Writer.WriteAsync(batch, CancellationToken.None);
            }
        }));
        await running.StoredAsync(Producers * 50);

        Assert.Equal(Producers, await _database.ScalarAsync<long>(
            """
            SELECT count(*) FROM metric_window_reports r
            WHERE sequence = 50 AND (totals ->> 'detections')::bigint = 150
                AND 150 = (SELECT count(*) FROM detections d WHERE d.deployment_id = r.deployment_id)
            """));
    }

    [Fact]
    public async Task Batches_that_come_soon_after_a_commit_go_together_and_a_full_transaction_goes_at_once()
    {
        var time = new FakeTimeProvider();
        _parent.Options.TransactionRows = 100;
        await using var running = await RunningWriter.StartAsync(_parent, _database, time);

        await running.Writer.WriteAsync(Batches.Of(1), CancellationToken.None);
        await running.StoredAsync(1);
        await running.Writer.WriteAsync(Batches.Of(2), CancellationToken.None);
        await running.Writer.WriteAsync(Batches.Of(3), CancellationToken.None);
        await Task.Delay(100);
        Assert.Single(running.Stored);

        time.Advance(_parent.Options.CommitInterval);
        await running.StoredAsync(3);
        await running.Writer.WriteAsync(Batches.Of(100), CancellationToken.None);
        await running.StoredAsync(4);

        Assert.Equal(3, await _database.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM detections"));
        Assert.Equal(106, await _database.CountDetectionsAsync());
    }

    [Fact]
    public async Task Frame_of_a_day_without_partition_is_stored()
    {
        await using var running = await RunningWriter.StartAsync(_parent, _database);

        await running.Writer.WriteAsync(Batches.Of(3, new(1999, 12, 31, 23, 59, 59, TimeSpan.FromHours(2))), default);
        await running.StoredAsync(1);

        Assert.Equal(3, await _database.ScalarAsync<long>("SELECT count(*) FROM detections_default"));
    }

    [Fact]
    public async Task Bad_row_is_set_aside_and_its_neighbours_are_stored()
    {
        var bad = Batches.Detection(confidence: float.NaN);
        var mixed = new FrameBatch([.. Batches.Of(5).Detections, bad, .. Batches.Of(6).Detections], []);
        await using var running = await RunningWriter.StartAsync(_parent, _database);

        await running.Writer.WriteAsync(Batches.Of(2), CancellationToken.None);
        await running.Writer.WriteAsync(mixed, CancellationToken.None);
        await running.Writer.WriteAsync(Batches.Of(4), CancellationToken.None);
        await running.StoredAsync(3);

        Assert.Equal(2 + 11 + 4, await _database.CountDetectionsAsync());
        var kept = await File.ReadAllTextAsync(Assert.Single(_parent.Rejected));
        Assert.Contains(bad.Id.ToString(), kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_report_does_not_take_the_detections_beside_it_along()
    {
        var bad = Batches.Counting(Guid.NewGuid(), Guid.NewGuid(), sequence: 0, detections: 1, total: 1);
        await using var running = await RunningWriter.StartAsync(_parent, _database);

        await running.Writer.WriteAsync(bad, CancellationToken.None);
        await running.StoredAsync(1);

        Assert.Equal(1, await _database.CountDetectionsAsync());
        Assert.Single(_parent.Rejected);
    }

    [Fact]
    public async Task Rejected_batches_are_bounded()
    {
        _parent.Options.RejectedBytes = 4096;
        await using var running = await RunningWriter.StartAsync(_parent, _database);

        for (var i = 0; i < 20; i++)
        {
            await running.Writer.WriteAsync(new([Batches.Detection(confidence: 2)], []), CancellationToken.None);
        }

        await running.StoredAsync(20);
        Assert.InRange(_parent.Rejected.Sum(file => new FileInfo(file).Length), 1, 4096);
    }

    [Fact]
    public async Task Stopping_stores_what_was_handed_over_and_leaves_no_journal()
    {
        await using (var running = await RunningWriter.StartAsync(_parent, _database))
        {
            for (var i = 0; i < 100; i++)
            {
                await running.Writer.WriteAsync(Batches.Of(10), CancellationToken.None);
            }
        }

        Assert.Equal(1000, await _database.CountDetectionsAsync());
        Assert.Empty(_parent.Journals);
    }
}
