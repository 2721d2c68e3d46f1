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
