using OrleansAiFleet.Audit;

namespace OrleansAiFleet.Hosting.Cameras;

/// <summary>Pictures show people: that somebody looked is recorded.</summary>
public static class PictureReads
{
    /// <summary>The record of one picture, or of a stream of them at its start.</summary>
    public static AuditRecord Of(Guid camera) => new() { Action = "cameras.watch", TargetType = "cameras", TargetId = camera.ToString() };
}
