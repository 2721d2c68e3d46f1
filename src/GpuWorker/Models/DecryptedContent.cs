using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>
/// Brings a stored file into sealed memory. While one chunk is decrypted, the one before it is kept: cameras wait for it. The checksum
/// of the whole is left to who asked.
/// </summary>
internal static class DecryptedContent
{
    /// <summary>Reads a file to its end.</summary>
    /// <param name="file">Where it comes from.</param>
    /// <param name="decryption">Of this file, at its start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whole, every chunk the file's own, and sealed; whoever asked disposes it.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The store is away.</exception>
    public static async Task<SealedMemory> ReadAsync(
        EncryptedModelFile file, ModelFileDecryption decryption, CancellationToken cancellationToken)
    {
        var content = SealedMemory.Create();
        try
        {
            await FillAsync(content, file, decryption, cancellationToken);
            decryption.FinishChunks();
            content.Seal();
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, and the whole has the file's checksum.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or another under its name.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The store is away.</exception>
    public static async Task<SealedMemory> ReadCheckedAsync(
        EncryptedModelFile file, ModelFileDecryption decryption, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(file, decryption, cancellationToken);
        try
        {
            await CheckAsync(file.Header, content);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>Computes the checksum of the whole, also of what is disposed meanwhile.</summary>
    /// <exception cref="InvalidDataException">It is not the one that the file is named by.</exception>
    public static Task CheckAsync(ModelFileHeader file, SealedMemory content)
    {
        var plain = content.OpenRead();
        return Task.Run(() =>
        {
            using (plain)
            {
                ModelFileChecksum.Check(file, plain);
            }
        });
    }

    private static async Task FillAsync(
        SealedMemory content, EncryptedModelFile file, ModelFileDecryption decryption, CancellationToken cancellationToken)
    {
        using var one = ModelFileChunk.Rent(ChunkCipher.ChunkBytes);
        using var other = ModelFileChunk.Rent(ChunkCipher.ChunkBytes);
        var (plain, busy) = (one.Bytes, other.Bytes);
        var before = Task.CompletedTask;
        try
        {
            long size = 0;
            await foreach (var chunk in file.ReadChunksAsync(cancellationToken))
            {
                int bytes;
                using (chunk)
                {
                    bytes = decryption.Decrypt(chunk.Bytes.Span, plain.Span);
                }

                await before;
                before = TakeAsync(content, size, plain[..bytes]);
                size += bytes;
                (plain, busy) = (busy, plain);
            }
        }
        finally
        {
            await before;
        }
    }

    private static Task TakeAsync(SealedMemory content, long offset, ReadOnlyMemory<byte> plain) =>
        Task.Run(() => content.Write(offset, plain.Span));
}
