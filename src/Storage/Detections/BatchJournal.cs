using Microsoft.Win32.SafeHandles;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// The queue of batches on their way to the database. Every batch is in a file before it counts as taken over; the latest
/// ones are kept in memory too, so that files are read only after an outage. Many may append, one reads and trims.
/// </summary>
internal sealed class BatchJournal(string folder, FrameBatchOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<JournalEntry> _recent = new();
    private readonly JournalReader _reader = new(folder);
    private readonly SemaphoreSlim _appended = new(0, 1);
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SafeFileHandle? _file;
    private JournalPosition _end = new(1, 0);
    private long _firstSegment = 1;
    private int _recentRows;
    private bool _completed;
    private bool _disposed;

    /// <summary>Batches taken over and not trimmed yet.</summary>
    public long Pending { get; private set; }

    /// <summary>Bytes in the files, those of stored batches in a file still needed among them.</summary>
    public long Bytes { get; private set; }

    /// <summary>Batches that memory had no room for: they will be read back.</summary>
    public long OnDiskOnly { get; private set; }

    /// <summary>Batches that are in memory only because the disk refused them.</summary>
    public long InMemoryOnly { get; private set; }

    public static int RowsOf(FrameBatch batch) => Math.Max(1, batch.Detections.Count + batch.Reports.Count);

    /// <summary>Takes a batch over, or refuses it for want of room.</summary>
    /// <exception cref="IOException">The disk refused it and memory has no room either.</exception>
    public bool TryAppend(FrameBatch batch, byte[] record)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!HasRoom(record.Length))
            {
                return false;
            }

            var kept = OnDiskOnly == 0 && _recentRows < options.QueueRows;
            var written = TryWrite(record, mustSucceed: !kept);
            if (kept)
            {
                _recent.Enqueue(new(batch, _end, written));
                InMemoryOnly += written ? 0 : 1;
                _recentRows += RowsOf(batch);
            }
            else
            {
                OnDiskOnly++;
            }

            Pending++;
            Wake();
            return true;
        }
    }

    /// <summary>Waits until there may be room for so many bytes.</summary>
    public Task WaitForRoomAsync(int bytes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return HasRoom(bytes)
                ? Task.CompletedTask
                : _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends <see cref="WaitAsync"/> once nothing is left to read.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            Wake();
        }
    }

    /// <summary>Waits for that many rows to read, or the last ones; false when the journal is completed and all are read.</summary>
    public async ValueTask<bool> WaitAsync(int rows, CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_recentRows >= rows || OnDiskOnly > 0 || _completed)
                {
                    return _recent.Count > 0 || OnDiskOnly > 0;
                }
            }

            await _appended.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// The oldest batches not read yet, in order: at least one, and no more than <paramref name="rows"/> rows beyond it.
    /// </summary>
    /// <param name="rows">Most rows of all of them together.</param>
    /// <param name="entries">Where they go.</param>
    /// <param name="damaged">Called with the bytes of records that cannot be read back.</param>
    public void Read(int rows, List<JournalEntry> entries, Action<byte[]> damaged)
    {
        ReadRecent(rows, entries);
        if (entries.Count == 0)
        {
            ReadDisk(rows, entries, damaged);
        }
    }

    /// <summary>Forgets the batches read so far: they are in the database, or set aside.</summary>
    public void Trim(IReadOnlyList<JournalEntry> entries)
    {
        lock (_gate)
        {
            Pending -= entries.Count;
            InMemoryOnly -= entries.Count(entry => !entry.InFile);
            try
            {
                DeleteStored();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A file that cannot go now goes with the next one; should the process die, storing it again does no harm.
            }

            _room.TrySetResult();
            _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _reader.Dispose();
            _file?.Dispose();
            _file = null;
            _disposed = true;
        }
    }

    private void ReadRecent(int rows, List<JournalEntry> entries)
    {
        lock (_gate)
        {
            while (_recent.TryPeek(out var entry) && (entries.Count == 0 || RowsOf(entry.Batch) <= rows))
            {
                _recent.Dequeue();
                _recentRows -= RowsOf(entry.Batch);
                rows -= RowsOf(entry.Batch);
                entries.Add(entry);
                _reader.MoveTo(entry.End);
            }
        }
    }

    private void ReadDisk(int rows, List<JournalEntry> entries, Action<byte[]> damaged)
    {
        long left;
        lock (_gate)
        {
            left = OnDiskOnly;
        }

        long read = 0;
        try
        {
            while (read < left && rows > 0)
            {
                var record = _reader.Read();
                if (record.Kind is JournalRecordKind.End)
                {
                    // Somebody took files away: what they held is gone, what comes next must not wait for it.
                    damaged([]);
                    read = left;
                    break;
                }

                read++;
                if (record.Batch is { } batch)
                {
                    entries.Add(new(batch, _reader.Position));
                    rows -= RowsOf(batch);
                }
                else
                {
                    damaged(record.Raw ?? []);
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                OnDiskOnly -= read;
                Pending -= read - entries.Count;
            }
        }
    }

    private bool HasRoom(int bytes) => Bytes == 0 || Bytes + bytes <= options.JournalBytes;

    // A full disk stops nothing while memory has room: the batch is then only as safe as the process.
    private bool TryWrite(byte[] record, bool mustSucceed)
    {
        try
        {
            Write(record);
            return true;
        }
        catch (Exception exception) when (!mustSucceed && (exception is IOException or UnauthorizedAccessException))
        {
            return false;
        }
    }

    private void Write(byte[] record)
    {
        if (_end.Offset > 0 && _end.Offset + record.Length > options.SegmentBytes)
        {
            _file?.Dispose();
            _file = null;
            _end = new(_end.Segment + 1, 0);
        }

        _file ??= File.OpenHandle(
            JournalReader.PathOf(folder, _end.Segment),
            FileMode.OpenOrCreate,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(_file, record, _end.Offset);
        _end = _end with { Offset = _end.Offset + record.Length };
        Bytes += record.Length;
    }

    private void DeleteStored()
    {
        var done = _reader.Position;
        if (done == _end)
        {
            Clear();
        }
        else
        {
            DeleteBefore(done.Segment);
        }
    }

    // All is stored: the file starts again, so that an idle journal takes no room and is not replayed.
    private void Clear()
    {
        DeleteBefore(_end.Segment);
        if (_file is not null)
        {
            RandomAccess.SetLength(_file, 0);
        }

        _end = _end with { Offset = 0 };
        _reader.MoveTo(_end);
        Bytes = 0;
    }

    private void DeleteBefore(long segment)
    {
        for (; _firstSegment < segment; _firstSegment++)
        {
            var path = JournalReader.PathOf(folder, _firstSegment);
            if (File.Exists(path))
            {
                Bytes -= new FileInfo(path).Length;
                File.Delete(path);
            }
        }
    }

    private void Wake()
    {
        if (_appended.CurrentCount == 0)
        {
            _appended.Release();
        }
    }
}
