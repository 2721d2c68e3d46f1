using OrleansAiFleet.Cameras;
using OrleansAiFleet.Deployments;
using OrleansAiFleet.Fleet;
using OrleansAiFleet.Models;
using OrleansAiFleet.Sites;

namespace OrleansAiFleet.Grains.Tests.Fleet;

/// <summary>Rows that are in order.</summary>
internal static class Rows
{
    public static AiModel Model() => new()
    {
        Id = Guid.NewGuid(),
        Name = "helmets",
        Category = "Safety Compliance",
        Version = "1.0",
        ModelFilePath = "sha256/aa",
        Configuration = JsonText.From(new ModelConfiguration { Decoder = "yolov8" }),
        BatchSizeMax = 8,
        OutputClasses = ["helmet", "vest"],
        TrainingDatasetInfo = JsonText.Parse("""{"images": 450, "from": "renderings"}"""),
        InferenceTimeMs = 7.123m,
        Validation = JsonText.Parse("{}"),
        CreatedBy = Uploader,
    };

    /// <summary>Who uploads the models of tests.</summary>
    public static Guid Uploader { get; } = Guid.NewGuid();

    /// <summary>The row as it is once it was approved.</summary>
    public static AiModel Released(AiModel model) => model with { Status = ModelStatus.Approved, ApprovalStatus = ApprovalStatus.Approved };

    /// <summary>Registers a version and has two others approve it.</summary>
    public static async Task Release(this IGrainFactory grains, AiModel model)
    {
        var grain = grains.GetGrain<IModelGrain>(model.Id);
        await grain.Register(model);
        for (var i = 0; i < 2; i++)
        {
            await grain.Take(new() { Step = ModelStep.Approve, By = Guid.NewGuid() });
        }
    }

    public static Site Site() => new() { Id = Guid.NewGuid(), Name = "North", TimeZone = "Europe/Berlin", CountryCode = "DE" };

    public static Camera Camera(Guid site) =>
        new() { Id = Guid.NewGuid(), SiteId = site, Name = "gate", SourceUrl = "rtsp://10.0.0.7/gate" };

    public static Deployment Deployment(Guid model, Guid site, params Guid[] cameras) => new()
    {
        Id = Guid.NewGuid(),
        ModelId = model,
        SiteId = site,
        DeploymentName = "helmets at the gate",
        ConfidenceThreshold = 0.5m,
        BatchSize = 4,
        InputSources = cameras,
    };
}
