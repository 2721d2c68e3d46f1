using System.Runtime.CompilerServices;
using System.Text;

using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>
/// A stored file on disk as it lies in the store: a header of 4096 bytes with the wrapped key, then the encrypted chunks.
/// Nothing of the header need be believed: a wrong one decrypts nothing.
/// </summary>
internal static class ModelContainer
{
    private const int HeaderBytes = 4096;
    private const int MostKeyBytes = 2048;
    private static readonly byte[] Mark = "FLEETMF1"u8.ToArray();

    /// <summary>Opens a file; whoever opens it disposes it.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<EncryptedModelFile> OpenAsync(string file, CancellationToken cancellationToken)
    {
        var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            var header = new byte[HeaderBytes];
            if (await content.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken) < HeaderBytes)
            {
                throw NoContainer(file, null);
            }

            var parsed = Parse(header, file);
            return new(parsed, ReadAsync(content, parsed, CancellationToken.None), content);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a file as it lies in the store, from its plain content.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async Task WriteAsync(
        Stream target, ModelFileHeader header, Stream plain, ModelFileDecryption decryption, CancellationToken cancellationToken)
    {
        await target.WriteAsync(Format(header), cancellationToken);
        using var content = ModelFileChunk.Rent(ChunkCipher.ChunkBytes);
        using var chunk = ModelFileChunk.Rent(ChunkCipher.ChunkBytes + ChunkCipher.TagBytes);
        for (var ordinal = 0; ordinal < header.Chunks; ordinal++)
        {
            var bytes = content.Bytes[..header.PlainBytesOf(ordinal)];
            await plain.ReadExactlyAsync(bytes, cancellationToken);
            var encrypted = chunk.Bytes[..header.EncryptedBytesOf(ordinal)];
            decryption.EncryptAgain(ordinal, bytes.Span, encrypted.Span);
            await target.WriteAsync(encrypted, cancellationToken);
        }
    }

    private static byte[] Format(ModelFileHeader header)
    {
        var block = new byte[HeaderBytes];
        using var writer = new BinaryWriter(new MemoryStream(block));
        writer.Write(Mark);
        writer.Write(Convert.FromHexString(header.Sha256));
        writer.Write(header.Size);
        writer.Write(header.ContentId.ToByteArray(bigEndian: true));
        writer.Write(header.Key.KeyId);
        writer.Write(header.Key.Content.Length);
        writer.Write(header.Key.Content);
        return block;
    }

    private static ModelFileHeader Parse(byte[] block, string file)
    {
        using var reader = new BinaryReader(new MemoryStream(block, writable: false), Encoding.UTF8);
        try
        {
            if (!reader.ReadBytes(Mark.Length).AsSpan().SequenceEqual(Mark))
            {
                throw NoContainer(file, null);
            }

            var sha256 = Convert.ToHexStringLower(reader.ReadBytes(32));
            var size = reader.ReadInt64();
            var contentId = new Guid(reader.ReadBytes(16), bigEndian: true);
            var keyId = reader.ReadString();
            var keyBytes = reader.ReadInt32();
            return keyBytes is > 0 and <= MostKeyBytes && size >= 0
                ? new(sha256, size, contentId, new(keyId, reader.ReadBytes(keyBytes)))
                : throw NoContainer(file, null);
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or ArgumentException)
        {
            throw NoContainer(file, exception);
        }
    }

    private static async IAsyncEnumerable<ModelFileChunk> ReadAsync(
        FileStream content, ModelFileHeader header, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var ordinal = 0; ; ordinal++)
        {
            var chunk = ModelFileChunk.Rent(ordinal < header.Chunks ? header.EncryptedBytesOf(ordinal) : 1);
            try
            {
                await chunk.FillAsync(content, cancellationToken);
            }
            catch
            {
                chunk.Dispose();
                throw;
            }

            if (chunk.Length == 0)
            {
                chunk.Dispose();
                yield break;
            }

            yield return chunk;
        }
    }

    private static InvalidDataException NoContainer(string file, Exception? inner) =>
        new($"The cached file {Path.GetFileName(file)} is none of the fleet's.", inner);
}
