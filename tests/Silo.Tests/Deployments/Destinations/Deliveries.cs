using System.Net;

using OrleansAiFleet.Detections;
using OrleansAiFleet.Integrations.Deployments.Destinations;

namespace OrleansAiFleet.Silo.Tests.Deployments.Destinations;

/// <summary>Messages as the dispatcher makes them.</summary>
internal static class Deliveries
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Receivers of tests are on this machine.</summary>
    public static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8")];

    public static Detection Detection(Guid camera, int second = 0, Guid? id = null) => new()
    {
        Id = id ?? Guid.NewGuid(),
        CameraId = camera,
        SiteId = Guid.Parse("00000000-0000-0000-0000-000000000051"),
        DeploymentId = Guid.Parse("00000000-0000-0000-0000-0000000000d1"),
        ModelId = Guid.Parse("00000000-0000-0000-0000-0000000000a1"),
        FrameTime = Noon.AddSeconds(second),
        FrameNumber = 7,
        TrackId = 42,
        ClassId = 3,
        ClassName = "helmet ⛑",
        Confidence = 0.75f,
        X = 0.5f,
        Y = 0.25f,
        Width = 0.125f,
        Height = 0.0625f,
    };

    public static Delivery Of(params Detection[] detections) => new()
    {
        DeploymentId = Guid.Parse("00000000-0000-0000-0000-0000000000d1"),
        Destination = "control-room",
        Frames = [.. detections.Select(detection => DeliveredFrame.Of("control-room", [detection]))],
    };
}
