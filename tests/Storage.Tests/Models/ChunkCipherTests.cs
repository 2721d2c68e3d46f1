using FsCheck.Xunit;
using OrleansAiFleet.Storage.Models;

namespace OrleansAiFleet.Storage.Tests.Models;

public sealed class ChunkCipherTests
{
    private static readonly Guid Content = Guid.NewGuid();
    private static readonly byte[] Key = ChunkCipher.CreateKey();

    [Property]
    public void Chunk_comes_back_only_at_its_own_place(byte[] plain, ushort ordinal, ushort elsewhere, bool last)
    {
        ArgumentNullException.ThrowIfNull(plain);
        var chunk = Encrypt(Key, Content, ordinal, last, plain);

        Assert.Equal(plain, Decrypt(Key, Content, ordinal, last, chunk));
        Assert.Null(Decrypt(Key, Content, ordinal, !last, chunk));
        Assert.Null(Decrypt(Key, Guid.NewGuid(), ordinal, last, chunk));
        Assert.Null(Decrypt(ChunkCipher.CreateKey(), Content, ordinal, last, chunk));
        Assert.True(elsewhere == ordinal || Decrypt(Key, Content, elsewhere, last, chunk) is null);
    }

    [Property]
    public void Any_flipped_bit_shows(byte[] plain, uint bit)
    {
        ArgumentNullException.ThrowIfNull(plain);
        var chunk = Encrypt(Key, Content, 7, false, plain);
        var at = bit % (uint)(chunk.Length * 8);
        chunk[at / 8] ^= (byte)(1 << (int)(at % 8));

        Assert.Null(Decrypt(Key, Content, 7, false, chunk));
    }

    // Contents whose ids begin alike, and ordinals beyond what a byte or two hold.
    [Fact]
    public void Nothing_of_the_place_is_left_out()
    {
        var alike = new Guid([.. Content.ToByteArray(bigEndian: true)[..15], (byte)(Content.ToByteArray(bigEndian: true)[15] ^ 1)], bigEndian: true);
        var chunk = Encrypt(Key, Content, 1, false, [1, 2, 3]);

        Assert.Null(Decrypt(Key, alike, 1, false, chunk));
        Assert.Null(Decrypt(Key, Content, 1 + (1 << 8), false, chunk));
        Assert.Null(Decrypt(Key, Content, 1 + (1 << 16), false, chunk));
        Assert.Null(Decrypt(Key, Content, 1 + (1 << 24), false, chunk));
    }

    private static byte[] Encrypt(byte[] key, Guid content, int ordinal, bool last, byte[] plain)
    {
        using var cipher = new ChunkCipher(key, content);
        var chunk = new byte[plain.Length + ChunkCipher.TagBytes];
        cipher.Encrypt(ordinal, last, plain, chunk);
        return chunk;
    }

    private static byte[]? Decrypt(byte[] key, Guid content, int ordinal, bool last, byte[] chunk)
    {
        using var cipher = new ChunkCipher(key, content);
        var plain = new byte[chunk.Length - ChunkCipher.TagBytes];
        return cipher.TryDecrypt(ordinal, last, chunk, plain) ? plain : null;
    }
}
