using System.Buffers.Binary;
using System.Text;

namespace OrleansAiFleet.GpuWorker.Tests.Models;

/// <summary>Pictures that decoders choke on.</summary>
internal static class HostilePictures
{
    /// <summary>A PNG whose header says 50000 × 50000 pixels (10 GB decoded), in a few bytes.</summary>
    public static byte[] HugePng()
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, 50_000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 50_000);
        (header[8], header[9]) = (8, 6);
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. Chunk("IDAT", new byte[16]), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. content];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), Checksum(body));
        return chunk;
    }

    // CRC-32 of ISO 3309, as PNG has it.
    private static uint Checksum(byte[] content)
    {
        var sum = uint.MaxValue;
        foreach (var part in content)
        {
            sum ^= part;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) != 0 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
            }
        }

        return ~sum;
    }
}
