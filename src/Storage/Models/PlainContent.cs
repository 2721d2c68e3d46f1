using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace OrleansAiFleet.Storage.Models;

/// <summary>A plain content on its way into the store: cut into chunks, measured, then encrypted. In constant memory.</summary>
internal sealed class PlainContent : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private string? _sha256;

    /// <summary>Bytes that went through.</summary>
    public long Size { get; private set; }

    /// <summary>Of what went through, hexadecimal.</summary>
    public string Sha256 => _sha256 ??= Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <summary>A stream in full chunks, the last one shorter; none where it is empty.</summary>
    public static async IAsyncEnumerable<ModelFileChunk> CutAsync(
        Stream content, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool full;
        do
        {
            var chunk = ModelFileChunk.Rent(ChunkCipher.ChunkBytes);
            try
            {
                await chunk.FillAsync(content, cancellationToken);
            }
            catch
            {
                chunk.Dispose();
                throw;
            }

            full = chunk.Length == ChunkCipher.ChunkBytes;
            if (chunk.Length == 0)
            {
                chunk.Dispose();
                yield break;
            }

            yield return chunk;
        }
        while (full);
    }

    /// <summary>The chunks encrypted.</summary>
    /// <param name="plain">Full ones, the last one shorter.</param>
    /// <param name="key">New, for this content alone.</param>
    /// <param name="contentId">Of the content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<ModelFileChunk> EncryptAsync(
        IAsyncEnumerable<ModelFileChunk> plain,
        byte[] key,
        Guid contentId,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var cipher = new ChunkCipher(key, contentId);
        ModelFileChunk? held = null;
        var ordinal = 0;
        try
        {
            // One is held back: whether a chunk is the last shows only with the next.
            await foreach (var chunk in plain.WithCancellation(cancellationToken))
            {
                if (held is not null)
                {
                    yield return Encrypt(cipher, ordinal++, isLast: false, held);
                    held.Dispose();
                }

                held = chunk;
                Size += chunk.Length;
                _hash.AppendData(chunk.Bytes.Span);
            }

            held ??= ModelFileChunk.Rent(0);
            yield return Encrypt(cipher, ordinal, isLast: true, held);
        }
        finally
        {
            held?.Dispose();
        }
    }

    public void Dispose() => _hash.Dispose();

    private static ModelFileChunk Encrypt(ChunkCipher cipher, int ordinal, bool isLast, ModelFileChunk plain)
    {
        var encrypted = ModelFileChunk.Rent(plain.Length + ChunkCipher.TagBytes);
        cipher.Encrypt(ordinal, isLast, plain.Bytes.Span, encrypted.Bytes.Span);
        return encrypted;
    }
}
