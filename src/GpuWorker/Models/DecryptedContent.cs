using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.GpuWorker.Models;

/// <summary>
/// Brings a stored file into sealed memory. While one chunk is decrypted, the one before it is kept and, where that is asked for,
/// added to the checksum of the whole, each beside the others: cameras wait for it.
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
    public static Task<SealedMemory> ReadAsync(
        EncryptedModelFile file, ModelFileDecryption decryption, CancellationToken cancellationToken) =>
        ReadAsync(file, decryption, isChecked: false, cancellationToken);

    /// <summary>As <see cref="ReadAsync(EncryptedModelFile, ModelFileDecryption, CancellationToken)"/>, with the file's checksum.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or another under its name.</exception>
    /// <exception cref="OrleansAiFleet.Fleet.FleetRefusedException">The store is away.</exception>
    public static Task<SealedMemory> ReadCheckedAsync(
        EncryptedModelFile file, ModelFileDecryption decryption, CancellationToken cancellationToken) =>
        ReadAsync(file, decryption, isChecked: true, cancellationToken);

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

    private static async Task<SealedMemory> ReadAsync(
        EncryptedModelFile file, ModelFileDecryption decryption, bool isChecked, CancellationToken cancellationToken)
    {
        var content = SealedMemory.Create();
        try
        {
            await FillAsync(content, file, decryption, isChecked, cancellationToken);
            if (isChecked)
            {
                decryption.Finish();
            }
            else
            {
                decryption.FinishChunks();
            }

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
        SealedMemory content, EncryptedModelFile file, ModelFileDecryption decryption, bool isChecked, CancellationToken cancellationToken)
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
                before = Task.WhenAll(Keep(size, plain[..bytes]), isChecked ? Add(plain[..bytes]) : Task.CompletedTask);
                size += bytes;
                (plain, busy) = (busy, plain);
            }
        }
        finally
        {
            await before;
        }

        Task Keep(long offset, ReadOnlyMemory<byte> chunk) => Task.Run(() => content.Write(offset, chunk.Span), CancellationToken.None);

        Task Add(ReadOnlyMemory<byte> chunk) => Task.Run(() => decryption.AddToChecksum(chunk.Span), CancellationToken.None);
    }
}
