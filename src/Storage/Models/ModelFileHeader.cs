namespace OrleansAiFleet.Storage.Models;

/// <summary>What stands before a stored file's chunks.</summary>
/// <param name="Sha256">Of the plain content, 64 lower-case hexadecimal digits.</param>
/// <param name="Size">Of the plain content, in bytes.</param>
/// <param name="ContentId">What the chunks are bound to.</param>
/// <param name="Key">The file's key, wrapped for this content.</param>
public sealed record ModelFileHeader(string Sha256, long Size, Guid ContentId, WrappedKey Key)
{
    /// <summary>Key in the store: <c>sha256/&lt;64 hexadecimal digits&gt;</c>.</summary>
    public string Path => ModelFilePath.Of(Sha256);

    /// <summary>At least one: an empty file has an empty chunk, so that it cannot be cut to nothing unseen.</summary>
    public int Chunks => (int)long.Clamp(((Size - 1) / ChunkCipher.ChunkBytes) + 1, 1, int.MaxValue);

    /// <summary>Plain bytes of a chunk.</summary>
    public int PlainBytesOf(int ordinal) =>
        (int)long.Clamp(Size - ((long)ordinal * ChunkCipher.ChunkBytes), 0, ChunkCipher.ChunkBytes);

    /// <summary>Bytes of a chunk as it is stored.</summary>
    public int EncryptedBytesOf(int ordinal) => PlainBytesOf(ordinal) + ChunkCipher.TagBytes;

    /// <summary>What the file's key is wrapped for.</summary>
    internal static byte[] ContextOf(Guid contentId) => contentId.ToByteArray(bigEndian: true);
}
