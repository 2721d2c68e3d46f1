using OrleansAiFleet.Detections;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// What is stored together or not at all: detections, the window totals that count them, and to where they are to be sent. Storing a
/// batch twice stores it once.
/// </summary>
public sealed record FrameBatch(IReadOnlyList<Detection> Detections, IReadOnlyList<WindowReport> Reports)
{
    /// <summary>In the order of the frames of each camera. Only of detections of this batch.</summary>
    public IReadOnlyList<OutgoingDetection> Outgoing { get; init; } = [];
}

/// <summary>A detection that is to be sent somewhere.</summary>
/// <param name="DetectionId">Which.</param>
/// <param name="Destination">Name of a destination of its deployment.</param>
public readonly record struct OutgoingDetection(Guid DetectionId, string Destination);
