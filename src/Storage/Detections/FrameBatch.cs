using OrleansAiFleet.Detections;
using OrleansAiFleet.Metrics;

namespace OrleansAiFleet.Storage.Detections;

/// <summary>
/// What is stored together or not at all: detections, and the window totals that count them. Storing a batch twice
/// stores it once.
/// </summary>
public sealed record FrameBatch(IReadOnlyList<Detection> Detections, IReadOnlyList<WindowReport> Reports);
