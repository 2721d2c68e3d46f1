using OrleansAiFleet.Storage.Fleet;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Silo.Models.Packages;

/// <summary>A stored file for the tar writer: opened with its first read, decrypted while it is read, forward.</summary>
/// <remarks>
/// The writer must know an entry's length before it writes it, and asks only streams that say they can seek. It never seeks.
/// </remarks>
internal sealed class StoredContent(ModelFileStore store, string path, long size) : ForwardStream
{
    private Stream? _plain;
    private long _read;

    public override bool CanSeek => true;

    public override long Length => size;

    public override long Position
    {
        get => _read;
        set => base.Position = value;
    }

    /// <exception cref="InvalidDataException">The file is damaged from here on.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _plain ??= await store.OpenReadAsync(path, cancellationToken);
        var read = await _plain.ReadAsync(buffer, cancellationToken);
        _read += read;
        return read > 0 || _read == size
            ? read
            : throw new InvalidDataException($"Model file {path} has {_read} bytes where it had {size} a moment ago.");
    }

    public override async ValueTask DisposeAsync()
    {
        if (_plain is not null)
        {
            await _plain.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
