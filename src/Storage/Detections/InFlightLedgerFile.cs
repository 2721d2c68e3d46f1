using System.IO.MemoryMappedFiles;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// Counts frames per window in a memory-mapped file, so that after kill -9 it is known how many were in flight: a plain
/// store of 8 bytes per frame that the kernel keeps when the process is gone.
/// </summary>
/// <remarks>
/// File <c>in-flight.map</c> in the process's journal folder, little endian: 8 bytes of magic and version, then slots of
/// 64 bytes from offset 64: window start (UTC ticks, 0 where the slot is free), frames decoded, frames completed (inferred
/// or skipped), 8 spare bytes, deployment id, reporter. The start is written last and cleared first: a slot that is half
/// written is a free one.
/// </remarks>
public sealed class InFlightLedgerFile : IDisposable
{
    public const string FileName = "in-flight.map";

    internal const int SlotBytes = 64;
    internal const int HeaderBytes = 64;
    internal const long Magic = 0x0001_5447_4C46_4641; // "AFFLGT", version 1

    private const int Start = 0;
    private const int Decoded = 8;
    private const int Completed = 16;
    private const int Deployment = 32;
    private const int Reporter = 48;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Stack<int> _free;
    private bool _closed;

    /// <param name="folder">The process's own folder.</param>
    /// <param name="slots">Most windows open at one time.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public InFlightLedgerFile(JournalFolder folder, int slots)
    {
        ArgumentNullException.ThrowIfNull(folder);
        _path = Path.Combine(folder.Path, FileName);
        var bytes = HeaderBytes + ((long)slots * SlotBytes);
        var stream = new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        // Real blocks instead of a hole: a disk that is full later must not become a bus error on a store.
        stream.Write(new byte[bytes]);
        stream.Flush();
        _file = MemoryMappedFile.CreateFromFile(
            stream, mapName: null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, bytes);
        _free = new(Enumerable.Range(0, slots).Reverse());
        _view.Write(0, Magic);
    }

    /// <summary>Begins to count a window; null where all slots are taken (the window then goes without).</summary>
    public InFlightSlot? Open(Guid deploymentId, DateTimeOffset windowStart, Guid reporter)
    {
        lock (_gate)
        {
            if (_closed || !_free.TryPop(out var slot))
            {
                return null;
            }

            var at = At(slot);
            _view.Write(at + Decoded, 0L);
            _view.Write(at + Completed, 0L);
            Write(at + Deployment, deploymentId);
            Write(at + Reporter, reporter);
            Thread.MemoryBarrier();
            _view.Write(at + Start, windowStart.UtcTicks);
            return new(this, slot);
        }
    }

    /// <summary>Closes the file. Deletes it where no frame is in flight; otherwise the next process reads it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            var left = Enumerable.Range(0, (int)((_view.Capacity - HeaderBytes) / SlotBytes)).Any(IsInFlight);
            _view.Dispose();
            _file.Dispose();
            if (!left)
            {
                File.Delete(_path);
            }
        }
    }

    internal void Store(int slot, long decoded, long completed)
    {
        try
        {
            _view.Write(At(slot) + Decoded, decoded);
            _view.Write(At(slot) + Completed, completed);
        }
        catch (ObjectDisposedException)
        {
            // A frame that is booked while the process stops: its report is handed over, nothing is in flight any more.
        }
    }

    internal void Close(int slot)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _view.Write(At(slot) + Start, 0L);
                Thread.MemoryBarrier();
                _free.Push(slot);
            }
        }
    }

    private static int At(int slot) => HeaderBytes + (slot * SlotBytes);

    private bool IsInFlight(int slot) =>
        _view.ReadInt64(At(slot) + Start) != 0
        && _view.ReadInt64(At(slot) + Decoded) != _view.ReadInt64(At(slot) + Completed);

    private void Write(int at, Guid value) => _view.WriteArray(at, value.ToByteArray(), 0, 16);
}

/// <summary>The counters of one window. For one thread at a time.</summary>
public sealed class InFlightSlot
{
    private readonly InFlightLedgerFile _file;
    private readonly int _slot;

    internal InFlightSlot(InFlightLedgerFile file, int slot) => (_file, _slot) = (file, slot);

    /// <summary>Notes how many frames were decoded and how many of them are inferred or skipped, so far.</summary>
    public void Store(long decoded, long completed) => _file.Store(_slot, decoded, completed);

    /// <summary>The window is done with; the slot may serve another one. Not to be used afterwards.</summary>
    public void Close() => _file.Close(_slot);
}
