using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Storage.Tests.Fleet;

/// <summary>Ready rows with only what must be set.</summary>
internal static class Rows
{
    public static Site Site(string? name = null) => new() { Id = Guid.NewGuid(), Name = name ?? Unique("site") };

    public static Camera Camera(Site site) => new()
    {
        Id = Guid.NewGuid(),
        SiteId = site.Id,
        Name = Unique("camera"),
        SourceUrl = "rtsp://camera.test/stream",
        SourceCredentials = "user:secret",
    };

    public static AiModel Model() => new()
    {
        Id = Guid.NewGuid(),
        Name = Unique("model"),
        Version = "1",
        Category = "Safety Compliance",
        ModelFilePath = "models/a.onnx",
    };

    public static Deployment Deployment(AiModel model, Site site) => new()
    {
        Id = Guid.NewGuid(),
        ModelId = model.Id,
        SiteId = site.Id,
        DeploymentName = Unique("deployment"),
        DeploymentStatus = DeploymentStatus.Active,
        ConfidenceThreshold = 0.5m,
        BatchSize = 4,
    };

    private static string Unique(string noun) => $"{noun} {Guid.NewGuid():N}";
}
