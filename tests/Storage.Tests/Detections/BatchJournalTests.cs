using OrleansAiFleet.Storage.Detections;

namespace OrleansAiFleet.Storage.Tests.Detections;

public sealed class BatchJournalTests : IDisposable
{
    private readonly JournalParent _parent = new();
    private readonly JournalFolder _folder;

    public BatchJournalTests() => _folder = _parent.CreateFolder();

    public void Dispose()
    {
        _folder.Dispose();
        _parent.Delete();
    }

    [Fact]
    public void Batch_survives_the_way_through_a_file()
    {
        var batch = Batches.Counting(Guid.NewGuid(), Guid.NewGuid(), sequence: 3, detections: 2, total: 2);
        batch = batch with { Detections = [batch.Detections[0] with { TrackId = null }, batch.Detections[1]] };

        var read = FrameBatchCodec.Decode(FrameBatchCodec.Encode(batch));

        Assert.Equal(batch.Detections, read.Detections);
        Assert.Equal(batch.Reports[0].Totals.Detections, read.Reports[0].Totals.Detections);
        Assert.Equal(
            (batch.Reports[0].Window, batch.Reports[0].Reporter, batch.Reports[0].Sequence),
            (read.Reports[0].Window, read.Reports[0].Reporter, read.Reports[0].Sequence));
    }

    [Fact]
    public void What_is_to_be_sent_survives_as_well_and_a_batch_of_before_sends_nothing()
    {
        var batch = Batches.Of(2);
        batch = batch with { Outgoing = [new(batch.Detections[1].Id, "one"), new(batch.Detections[0].Id, "two")] };

        Assert.Equal(batch.Outgoing, FrameBatchCodec.Decode(FrameBatchCodec.Encode(batch)).Outgoing);

        // The layout of before is this one without the count at its end.
        var before = FrameBatchCodec.Encode(batch with { Outgoing = [] })[..^4];
        before[0] = 1;
        var read = FrameBatchCodec.Decode(before);
        Assert.Equal(batch.Detections, read.Detections);
        Assert.Empty(read.Outgoing);
    }

    [Fact]
    public void Checksum_is_the_standards_one()
    {
        // RFC 3720, appendix B.4: 32 bytes of zeros, and the check value of the catalogue of CRCs.
        Assert.Equal(0x8A9136AAu, JournalRecord.Checksum(new byte[32]));
        Assert.Equal(0xE3069283u, JournalRecord.Checksum("123456789"u8));
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(10)]
    [InlineData(1)]
    public void Batches_come_out_in_the_order_they_went_in(int queueRows)
    {
        (_parent.Options.QueueRows, _parent.Options.SegmentBytes) = (queueRows, 4096);
        using var journal = new BatchJournal(_folder.Path, _parent.Options);
        List<FrameBatch> written = [];
        List<FrameBatch> read = [];

        for (var round = 0; round < 40; round++)
        {
            for (var i = 0; i < 5; i++)
            {
                written.Add(Batches.Of(2));
                Assert.True(Append(journal, written[^1]));
            }

            read.AddRange(Take(journal, rows: 7));
        }

        while (Take(journal, rows: 7) is { Count: > 0 } rest)
        {
            read.AddRange(rest);
        }

        Assert.Equal(
            written.SelectMany(batch => batch.Detections),
            read.SelectMany(batch => batch.Detections));
        Assert.Equal((0, 0), (journal.Pending, journal.Bytes));
        Assert.All(Directory.GetFiles(_folder.Path, "*.journal"), file => Assert.Equal(0, new FileInfo(file).Length));
    }

    [Fact]
    public async Task Full_journal_refuses_until_something_is_stored()
    {
        _parent.Options.JournalBytes = 5000;
        using var journal = new BatchJournal(_folder.Path, _parent.Options);
        var accepted = 0;
        while (Append(journal, Batches.Of(2)))
        {
            accepted++;
        }

        var record = JournalRecord.Frame(FrameBatchCodec.Encode(Batches.Of(2)));
        var room = journal.WaitForRoomAsync(record.Length, CancellationToken.None);
        Assert.InRange(accepted, 5, 50);
        Assert.False(room.IsCompleted);
        Assert.Equal(accepted, Take(journal, rows: 1000).Count);
        await room.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(Append(journal, Batches.Of(2)));
    }

    [Fact]
    public void Stored_files_are_deleted_while_later_ones_wait()
    {
        (_parent.Options.QueueRows, _parent.Options.SegmentBytes) = (1, 2000);
        using var journal = new BatchJournal(_folder.Path, _parent.Options);
        for (var i = 0; i < 100; i++)
        {
            Append(journal, Batches.Of(2));
        }

        var before = Directory.GetFiles(_folder.Path, "*.journal").Length;
        Take(journal, rows: 100);
        Take(journal, rows: 100);

        Assert.InRange(Directory.GetFiles(_folder.Path, "*.journal").Length, 1, before - 3);
        Assert.Equal(
            Directory.GetFiles(_folder.Path, "*.journal").Sum(file => new FileInfo(file).Length), journal.Bytes);
    }

    [Fact]
    public void Garbage_is_no_batch()
    {
        var bytes = FrameBatchCodec.Encode(Batches.Of(1));

        Assert.Throws<InvalidDataException>(() => FrameBatchCodec.Decode(bytes[..40]));
        Assert.Throws<InvalidDataException>(() => FrameBatchCodec.Decode([9, .. bytes[1..]]));
        Assert.Throws<InvalidDataException>(() => FrameBatchCodec.Decode([1, 0xFF, 0xFF, 0xFF, 0x7F]));
    }

    private static bool Append(BatchJournal journal, FrameBatch batch) =>
        journal.TryAppend(batch, JournalRecord.Frame(FrameBatchCodec.Encode(batch)));

    private static List<FrameBatch> Take(BatchJournal journal, int rows)
    {
        List<JournalEntry> entries = [];
        journal.Read(rows, entries, raw => Assert.Fail($"{raw.Length} bytes damaged"));
        journal.Trim(entries);
        return [.. entries.Select(entry => entry.Batch)];
    }
}
