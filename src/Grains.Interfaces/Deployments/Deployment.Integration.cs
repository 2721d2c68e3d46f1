using OrleansAiFleet.Fleet;

namespace OrleansAiFleet.Deployments;

public sealed partial record Deployment
{
    // Integration settings

    /// <summary><c>input_sources</c>: Camera IDs or data source configurations.</summary>
    [Id(32)]
    public Guid[]? InputSources { get; init; }

    /// <summary><c>output_destinations</c>: Where to send detection results.</summary>
    [Id(33)]
    public JsonText? OutputDestinations { get; init; }

    /// <summary><c>preprocessing_pipeline</c>: how pictures go into the model; see <see cref="Deployments.PreprocessingPipeline"/>.</summary>
    [Id(34)]
    public JsonText? PreprocessingPipeline { get; init; }

    /// <summary><c>postprocessing_pipeline</c>: what becomes of its objects; see <see cref="Deployments.PostprocessingPipeline"/>.</summary>
    [Id(35)]
    public JsonText? PostprocessingPipeline { get; init; }

    /// <summary>Whether it looks at a camera while it is at work: one that it names, or any of its site. On demand it looks at none.</summary>
    public bool LooksAt(Guid cameraId, Guid cameraSiteId) =>
        DeploymentStrategy != DeploymentStrategy.OnDemand && (InputSources?.Contains(cameraId) ?? cameraSiteId == SiteId);
}
