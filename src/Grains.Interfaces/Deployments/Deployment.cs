namespace OrleansAiFleet.Deployments;

/// <summary>One model version at work on one site: a row of <c>model_deployments</c>.</summary>
/// <remarks>Property names are the column names in C# spelling; ids are never renumbered.</remarks>
[GenerateSerializer, Immutable, Alias("Fleet.Deployment")]
public sealed partial record Deployment
{
    /// <summary><c>id</c>.</summary>
    [Id(0)]
    public Guid Id { get; init; }

    /// <summary><c>model_id</c>.</summary>
    [Id(1)]
    public Guid ModelId { get; init; }

    /// <summary><c>site_id</c>.</summary>
    [Id(2)]
    public Guid SiteId { get; init; }

    /// <summary><c>deployment_name</c>.</summary>
    [Id(3)]
    public string DeploymentName { get; init; } = "";
}
