using OrleansAiFleet.Models;

namespace OrleansAiFleet.Deployments.Scaling;

/// <summary>What one worker is to hold, and where frames go of models that it does not hold.</summary>
[GenerateSerializer, Immutable, Alias("Fleet.WorkerInstances")]
public sealed record WorkerInstances
{
    /// <summary>Models to keep loaded, whether a frame came yet or not.</summary>
    [Id(0)]
    public ModelReference[] Held { get; init; } = [];

    /// <summary>One for each model that is served by certain workers only. Of others a worker loads what its streams need.</summary>
    [Id(1)]
    public ModelRoute[] Routes { get; init; } = [];

    /// <summary>How long it holds good without being said again.</summary>
    [Id(2)]
    public TimeSpan GoodFor { get; init; }
}

/// <summary>The workers that serve a model.</summary>
/// <param name="ModelId">The version.</param>
/// <param name="Workers">Parsable addresses; those that have it loaded.</param>
[GenerateSerializer, Immutable, Alias("Fleet.ModelRoute")]
public sealed record ModelRoute([property: Id(0)] Guid ModelId, [property: Id(1)] string[] Workers);
