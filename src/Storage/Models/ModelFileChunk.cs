using System.Buffers;

namespace OrleansAiFleet.Storage.Models;

/// <summary>Memory for one chunk, out of a pool: goes back to it when disposed.</summary>
public sealed class ModelFileChunk : IDisposable
{
    /// <summary>Most that is taken from a store for one chunk: one byte more than a right one has, so that a longer one shows.</summary>
    internal const int MostBytes = ChunkCipher.ChunkBytes + ChunkCipher.TagBytes + 1;

    private byte[]? _buffer;

    private ModelFileChunk(byte[] buffer, int length) => (_buffer, Length) = (buffer, length);

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes in use; not after disposal.</summary>
    public Memory<byte> Bytes => (_buffer ?? throw new ObjectDisposedException(nameof(ModelFileChunk))).AsMemory(0, Length);

    /// <summary>Memory of this many bytes, with anything in it.</summary>
    public static ModelFileChunk Rent(int length) => new(ArrayPool<byte>.Shared.Rent(length), length);

    /// <summary>Reads until the chunk is full or the stream ends; its length is then what came.</summary>
    public async Task FillAsync(Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        Length = await content.ReadAtLeastAsync(Bytes, Length, throwOnEndOfStream: false, cancellationToken);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
