using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansAiFleet.GpuWorker.Cameras;

/// <summary>Ids of detections, derived from what they are: storing the same frame twice stores it once.</summary>
internal static class DetectionId
{
    /// <summary>
    /// UUID version 8 (RFC 9562, 5.8) of the first 16 bytes of SHA-256 over camera, deployment, frame time in
    /// microseconds since 1970 and ordinal, all big-endian.
    /// </summary>
    public static Guid Of(Guid cameraId, Guid deploymentId, DateTimeOffset frameTime, int ordinal)
    {
        Span<byte> name = stackalloc byte[44];
        cameraId.TryWriteBytes(name, bigEndian: true, out _);
        deploymentId.TryWriteBytes(name[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(name[32..], FrameClock.Microseconds(frameTime));
        BinaryPrimitives.WriteInt32BigEndian(name[40..], ordinal);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash[..16], bigEndian: true);
    }
}
