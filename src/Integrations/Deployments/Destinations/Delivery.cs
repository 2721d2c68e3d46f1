using System.Security.Cryptography;
using System.Text;

using OrleansAiFleet.Detections;

namespace OrleansAiFleet.Integrations.Deployments.Destinations;

/// <summary>One message: frames of one deployment for one destination, those of a camera in their order.</summary>
public sealed record Delivery
{
    public required Guid DeploymentId { get; init; }

    /// <summary>Name of the destination.</summary>
    public required string Destination { get; init; }

    /// <summary>Sent to see whether it arrives; it is about nothing that was seen.</summary>
    public bool IsTest { get; init; }

    public required IReadOnlyList<DeliveredFrame> Frames { get; init; }

    /// <summary>The same for the same content, however often it is sent: a receiver drops what it has.</summary>
    public Guid Id => DeliveryId.Of(DeploymentId, Destination, Frames.Select(frame => frame.Id));
}

/// <summary>What was found on one frame of one camera.</summary>
public sealed record DeliveredFrame
{
    /// <summary>The same whenever the same detections are sent to the same destination.</summary>
    public required Guid Id { get; init; }

    public required Guid CameraId { get; init; }

    public required Guid SiteId { get; init; }

    public required DateTimeOffset FrameTime { get; init; }

    /// <summary>In the order of the frame's objects; none in a test message.</summary>
    public required IReadOnlyList<Detection> Detections { get; init; }

    /// <summary>The frame of these detections.</summary>
    /// <param name="destination">Name of the destination.</param>
    /// <param name="detections">Detections of one frame, at least one.</param>
    public static DeliveredFrame Of(string destination, IReadOnlyList<Detection> detections)
    {
        ArgumentNullException.ThrowIfNull(detections);
        var first = detections[0];
        return new()
        {
            Id = DeliveryId.Of(first.DeploymentId, destination, detections.Select(detection => detection.Id)),
            CameraId = first.CameraId,
            SiteId = first.SiteId,
            FrameTime = first.FrameTime,
            Detections = detections,
        };
    }
}

/// <summary>Ids that follow from content. Pure: the first 16 bytes of a SHA-256.</summary>
internal static class DeliveryId
{
    public static Guid Of(Guid deploymentId, string destination, IEnumerable<Guid> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[16];
        deploymentId.TryWriteBytes(bytes);
        hash.AppendData(bytes);
        hash.AppendData(Encoding.UTF8.GetBytes(destination));
        foreach (var part in parts)
        {
            part.TryWriteBytes(bytes);
            hash.AppendData(bytes);
        }

        return new(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
