using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansAiFleet.Storage.Models;

/// <summary>
/// Encrypts the chunks of one file, each by itself, so that none can be changed, left out, added, reordered or taken from
/// another file. The STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár ("Online Authenticated-Encryption and its
/// Nonce-Reuse Misuse-Resistance", CRYPTO 2015) over AES-256-GCM: the nonce is seven bytes of the content's id, the chunk's
/// ordinal (four bytes, big endian) and one byte that is 1 for the last chunk alone. The key is good for one content; its
/// id is associated data too. A chunk is its text, then the tag. For one thread at a time.
/// </summary>
public sealed class ChunkCipher : IDisposable
{
    /// <summary>Plain bytes of a chunk; the last one has what is left, and nothing where the file is empty.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>Bytes that encryption adds to each chunk.</summary>
    public const int TagBytes = 16;

    /// <summary>Length of a key.</summary>
    public const int KeyBytes = 32;

    private const int PrefixBytes = 7;
    private const int NonceBytes = PrefixBytes + sizeof(int) + 1;
    private static readonly byte[] Label = "fleet.model-file.v1"u8.ToArray();

    private readonly AesGcm _aes;
    private readonly byte[] _associated;
    private readonly byte[] _nonce = new byte[NonceBytes];

    /// <param name="key">Of <see cref="KeyBytes"/> bytes; used for no other content.</param>
    /// <param name="contentId">The content's id.</param>
    public ChunkCipher(ReadOnlySpan<byte> key, Guid contentId)
    {
        _aes = new(key, TagBytes);
        var id = contentId.ToByteArray(bigEndian: true);
        _associated = [.. Label, .. id];
        id.AsSpan(0, PrefixBytes).CopyTo(_nonce);
    }

    /// <summary>A new random key.</summary>
    public static byte[] CreateKey() => RandomNumberGenerator.GetBytes(KeyBytes);

    /// <summary>Encrypts a chunk.</summary>
    /// <param name="ordinal">Counts from 0.</param>
    /// <param name="isLast">Nothing follows it.</param>
    /// <param name="plain">What to encrypt.</param>
    /// <param name="encrypted"><see cref="TagBytes"/> longer than <paramref name="plain"/>.</param>
    public void Encrypt(int ordinal, bool isLast, ReadOnlySpan<byte> plain, Span<byte> encrypted) =>
        _aes.Encrypt(Nonce(ordinal, isLast), plain, encrypted[..plain.Length], encrypted[plain.Length..], _associated);

    /// <summary>Decrypts a chunk, or gives false where it is not this one of this file.</summary>
    /// <param name="ordinal">Counts from 0.</param>
    /// <param name="isLast">Nothing follows it.</param>
    /// <param name="encrypted">What <see cref="Encrypt"/> gave.</param>
    /// <param name="plain"><see cref="TagBytes"/> shorter than <paramref name="encrypted"/>.</param>
    public bool TryDecrypt(int ordinal, bool isLast, ReadOnlySpan<byte> encrypted, Span<byte> plain)
    {
        try
        {
            _aes.Decrypt(Nonce(ordinal, isLast), encrypted[..^TagBytes], encrypted[^TagBytes..], plain, _associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private byte[] Nonce(int ordinal, bool isLast)
    {
        BinaryPrimitives.WriteInt32BigEndian(_nonce.AsSpan(PrefixBytes), ordinal);
        _nonce[^1] = isLast ? (byte)1 : (byte)0;
        return _nonce;
    }
}
