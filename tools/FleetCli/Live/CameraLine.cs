using System.Globalization;

using OrleansAiFleet.Cameras;

namespace OrleansAiFleet.FleetCli.Live;

/// <summary>One camera in one line.</summary>
internal static class CameraLine
{
    /// <summary>Name, state, grade, frames a second decoded, inferred and skipped by reason, detections, latency.</summary>
    public static string Of(CameraStatus camera)
    {
        var skipped = camera.FramesSkipped.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{Words(pair.Key.ToString())} {pair.Value}"));
        var latency = camera.LatencyP50Milliseconds is { } p50
            ? string.Create(CultureInfo.InvariantCulture, $"latency p50 {p50:0.0} p95 {camera.LatencyP95Milliseconds:0.0} ms")
            : "latency -";
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{camera.Name}: {Words(camera.State.ToString())}, {Words(camera.Grade.ToString())} | fps decoded {camera.FpsDecoded:0.0} inferred {camera.FpsInferred:0.0} | skipped {(string.Join(", ", skipped) is { Length: > 0 } text ? text : "none")} | detections {camera.Detections} | {latency} | {camera.Silo.Split('@')[0]}");
        return camera.Problem is { } problem ? $"{line} | {problem}" : line;
    }

    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
