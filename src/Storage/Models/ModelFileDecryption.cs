using System.Security.Cryptography;
using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Decrypts a file's chunks in their order and checks each, then the whole. One thread may decrypt while another adds what was
/// decrypted to the checksum.
/// </summary>
public sealed class ModelFileDecryption : IDisposable
{
    private readonly ModelFileHeader _header;
    private readonly ChunkCipher _cipher;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _next;

    private ModelFileDecryption(ModelFileHeader header, byte[] key)
    {
        _header = header;
        _cipher = new(key, header.ContentId);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Unwraps the file's key.</summary>
    /// <exception cref="FleetRefusedException">The master key it is wrapped with is not here; names key and setting.</exception>
    /// <exception cref="InvalidDataException">The wrapped key was changed.</exception>
    public static async Task<ModelFileDecryption> StartAsync(
        ModelFileHeader header, IDataKeyWrapper keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(keys);
        try
        {
            return new(header, await ModelFileDamage.UnwrapAsync(header, keys, cancellationToken));
        }
        catch (UnknownKeyException exception)
        {
            throw new FleetRefusedException(
                RefusalKind.Unavailable, null, $"The stored model file '{header.Path}' cannot be decrypted. {exception.Message}");
        }
    }

    /// <summary>Decrypts the next chunk.</summary>
    /// <param name="chunk">As it is stored.</param>
    /// <param name="plain">Takes <see cref="ModelFileHeader.PlainBytesOf"/> bytes.</param>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="InvalidDataException">It is not that chunk of that file, or the file has no more.</exception>
    public int Decrypt(ReadOnlySpan<byte> chunk, Span<byte> plain)
    {
        if (_next == _header.Chunks)
        {
            throw ModelFileDamage.Surplus(_header);
        }

        var bytes = _header.PlainBytesOf(_next);
        if (chunk.Length != bytes + ChunkCipher.TagBytes
            || !_cipher.TryDecrypt(_next, _next == _header.Chunks - 1, chunk, plain[..bytes]))
        {
            throw ModelFileDamage.Changed(_header, _next);
        }

        _next++;
        return bytes;
    }

    /// <summary>A chunk of this file as it is stored, made of its content again: the same bytes, so that no nonce serves twice.</summary>
    /// <param name="ordinal">Counts from 0.</param>
    /// <param name="plain">What <see cref="Decrypt"/> gave for it.</param>
    /// <param name="chunk">Takes <see cref="ModelFileHeader.EncryptedBytesOf"/> bytes.</param>
    public void EncryptAgain(int ordinal, ReadOnlySpan<byte> plain, Span<byte> chunk) =>
        _cipher.Encrypt(ordinal, ordinal == _header.Chunks - 1, plain, chunk);

    /// <summary>Adds to the checksum what <see cref="Decrypt"/> gave: each part once, in order.</summary>
    public void AddToChecksum(ReadOnlySpan<byte> plain) => _hash.AppendData(plain);

    /// <summary>All chunks were given. <see cref="ModelFileChecksum"/> is for whoever did not add them to the checksum.</summary>
    /// <exception cref="InvalidDataException">Some are missing.</exception>
    public void FinishChunks()
    {
        if (_next < _header.Chunks)
        {
            throw ModelFileDamage.Missing(_header, _next);
        }
    }

    /// <summary>All chunks were given and added to the checksum.</summary>
    /// <exception cref="InvalidDataException">Some are missing, or the whole has another checksum.</exception>
    public void Finish()
    {
        FinishChunks();
        ModelFileChecksum.Check(_header, _hash);
    }

    public void Dispose()
    {
        _cipher.Dispose();
        _hash.Dispose();
    }
}
