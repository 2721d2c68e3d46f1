using System.Buffers;
using System.Security.Cryptography;

namespace OrleansAiFleet.Storage.Models;

/// <summary>The checksum of a file's whole content, for who has all of it at hand.</summary>
public static class ModelFileChecksum
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Computes from the content's start to its end, 0.7 s for a GiB: not on a thread that grains run on.</summary>
    /// <exception cref="InvalidDataException">It is not the one that the file is named by.</exception>
    public static void Check(ModelFileHeader file, Stream content)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(content);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer.AsSpan(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Check(file, hash);
    }

    /// <summary>Of what was added to a hash; begins it anew.</summary>
    /// <exception cref="InvalidDataException">It is not the one that the file is named by.</exception>
    internal static void Check(ModelFileHeader file, IncrementalHash hash)
    {
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
        {
            throw ModelFileDamage.WrongChecksum(file);
        }
    }
}
