using Npgsql;
using OrleansAiFleet.Metrics;
using OrleansAiFleet.Storage.Detections;
using OrleansAiFleet.Testing;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class JournalTakeoverTests : IAsyncLifetime
{
    private readonly JournalParent _parent = new();
    private readonly Guid _deployment = Guid.NewGuid();
    private readonly Guid _reporter = Guid.NewGuid();
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
    public async Task Batches_of_a_dead_process_are_stored_once_and_its_journal_goes()
    {
        FrameBatch[] batches = [.. Enumerable.Range(1, 30).Select(i => Batches.Counting(_deployment, _reporter, i, 2, 2 * i))];
        await _parent.LeaveDeadProcessAsync(batches);
        await new FrameBatchSql(_database, TimeSpan.FromSeconds(10)).StoreAsync(batches[..10], CancellationToken.None);

        await using var running = await RunningWriter.StartAsync(_parent, _database);
        await TakenOverAsync(living: 1);

        Assert.Equal(60, await _database.CountDetectionsAsync());
        Assert.Equal((30, 60), await LastReportAsync(totals => totals.Detections));
        Assert.Equal(batches.Length, running.Stored.Count);
    }

    [Fact]
    public async Task Process_that_dies_while_another_runs_is_taken_over_too()
    {
        await using var running = await RunningWriter.StartAsync(_parent, _database);

        await _parent.LeaveDeadProcessAsync(Batches.Of(4));
        await TakenOverAsync(living: 1);

        Assert.Equal(4, await _database.CountDetectionsAsync());
    }

    [Fact]
    public async Task Journal_of_a_living_process_is_left_alone()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=none;Username=none");
        await using var living = await RunningWriter.StartAsync(_parent, nowhere);
        await living.Writer.WriteAsync(Batches.Of(5), CancellationToken.None);
        await _parent.LeaveDeadProcessAsync(Batches.Of(4));

        await using var running = await RunningWriter.StartAsync(_parent, _database);
        await running.StoredAsync(1);

        Assert.Equal(4, await _database.CountDetectionsAsync());
        Assert.Equal(1, living.Writer.JournaledBatches);
    }

    [Fact]
    public async Task Torn_last_record_is_dropped_and_what_stands_before_it_is_stored()
    {
        var journal = await _parent.LeaveDeadProcessAsync(Batches.Of(4), Batches.Of(4));
        var file = Assert.Single(Directory.GetFiles(journal, "*.journal"));
        await using (var stream = new FileStream(file, FileMode.Open))
        {
            stream.SetLength(stream.Length - 5);
        }

        await using var running = await RunningWriter.StartAsync(_parent, _database);
        await TakenOverAsync(living: 1);

        Assert.Equal(4, await _database.CountDetectionsAsync());
        Assert.Empty(_parent.Rejected);
    }

    [Fact]
    public async Task Damaged_record_is_set_aside_and_those_around_it_are_stored()
    {
        var journal = await _parent.LeaveDeadProcessAsync(Batches.Of(1), Batches.Of(1), Batches.Of(1));
        var file = Assert.Single(Directory.GetFiles(journal, "*.journal"));
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(file, bytes);

        await using var running = await RunningWriter.StartAsync(_parent, _database);
        await TakenOverAsync(living: 1);

        Assert.Equal(2, await _database.CountDetectionsAsync());
        Assert.Single(_parent.Rejected);
    }

    [Fact]
    public async Task Frames_in_flight_in_a_dead_process_show_as_decoded_only()
    {
        var totals = new WindowTotals { FramesDecoded = 90, FramesInferred = 80, FramesSkipped = [5], Detections = 2 };
        var journal = await _parent.LeaveDeadProcessAsync(
            new FrameBatch([Batches.Detection(), Batches.Detection()], [Batches.Report(_deployment, _reporter, 9, totals)]));
        LeaveInFlight(journal, decoded: 100, completed: 93);

        await using var running = await RunningWriter.StartAsync(_parent, _database);
        await TakenOverAsync(living: 1);

        Assert.Equal((10, 100), await LastReportAsync(last => last.FramesDecoded));
        Assert.Equal((10, 80), await LastReportAsync(last => last.FramesInferred));
        Assert.Equal((10, 5), await LastReportAsync(last => last.FramesSkipped.Sum()));
        Assert.Equal((10, 2), await LastReportAsync(last => last.Detections));
    }

    [Fact]
    public async Task Process_that_died_before_its_first_report_leaves_its_decoded_frames()
    {
        var journal = await _parent.LeaveDeadProcessAsync(Batches.Of(1));
        LeaveInFlight(journal, decoded: 3, completed: 1);

        await using var running = await RunningWriter.StartAsync(_parent, _database);
        await TakenOverAsync(living: 1);

        Assert.Equal((1, 3), await LastReportAsync(last => last.FramesDecoded));
    }

    // Written as the process would have, into a folder that another one then leaves with the journal.
    private void LeaveInFlight(string journal, long decoded, long completed)
    {
        using var folder = _parent.CreateFolder();
        using (var file = new InFlightLedgerFile(folder, slots: 4))
        {
            file.Open(Guid.NewGuid(), Batches.Noon, _reporter)!.Close();
            file.Open(_deployment, Batches.Noon, _reporter)!.Store(decoded, completed);
        }

        File.Move(Path.Combine(folder.Path, InFlightLedgerFile.FileName), Path.Combine(journal, InFlightLedgerFile.FileName));
    }

    private Task TakenOverAsync(int living) => Poll.UntilAsync(
        () => _parent.Journals.Count() == living, () => $"{_parent.Journals.Count()} journals, {living} of living processes");

    private async Task<(long Sequence, long Value)> LastReportAsync(Func<WindowTotals, long> value)
    {
        var sql = new FrameBatchSql(_database, TimeSpan.FromSeconds(10));
        var report = await sql.ReadReportAsync(new(_deployment, Batches.Noon), _reporter, CancellationToken.None);
        return (report!.Sequence, value(report.Totals));
    }
}
