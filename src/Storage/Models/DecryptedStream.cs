using OrleansAiFleet.Storage.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>A stored file's plain content, forward, in constant memory. Every chunk is checked before a byte of it is given.</summary>
internal sealed class DecryptedStream : ForwardStream
{
    private readonly EncryptedModelFile _file;
    private readonly ModelFileDecryption _decryption;
    private readonly IAsyncEnumerator<ModelFileChunk> _chunks;
    private ModelFileChunk? _plain;
    private int _used;
    private bool _ended;

    public DecryptedStream(EncryptedModelFile file, ModelFileDecryption decryption, CancellationToken cancellationToken)
    {
        _file = file;
        _decryption = decryption;
        _chunks = file.ReadChunksAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    public override long Length => _file.Header.Size;

    /// <exception cref="InvalidDataException">The file is damaged from here on.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_ended && _used == (_plain?.Length ?? 0) && buffer.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await DecryptNextAsync();
        }

        if (_plain is null)
        {
            return 0;
        }

        var read = Math.Min(buffer.Length, _plain.Length - _used);
        _plain.Bytes.Slice(_used, read).CopyTo(buffer);
        _used += read;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await _chunks.DisposeAsync();
        _plain?.Dispose();
        _decryption.Dispose();
        await _file.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task DecryptNextAsync()
    {
        _plain?.Dispose();
        _plain = null;
        _used = 0;
        if (!await _chunks.MoveNextAsync())
        {
            _decryption.Finish();
            _ended = true;
            return;
        }

        using var chunk = _chunks.Current;
        var plain = ModelFileChunk.Rent(Math.Max(0, chunk.Length - ChunkCipher.TagBytes));
        try
        {
            _decryption.AddToChecksum(plain.Bytes.Span[.._decryption.Decrypt(chunk.Bytes.Span, plain.Bytes.Span)]);
            _plain = plain;
        }
        catch
        {
            plain.Dispose();
            throw;
        }
    }
}
